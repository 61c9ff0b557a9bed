package handler

import (
	"net/http"

	"tudoIM/common/response"
	"tudoIM/tudoIM_file/file_api/internal/logic"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// downloadHeadHandler answers with what a download would say of itself. It is
// written by hand: the answer is no envelope.
func downloadHeadHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req types.DownloadRequest
		if err := response.Parse(r, &req); err != nil {
			response.Write(w, r, nil, err)
			return
		}
		if err := logic.NewDownloadHeadLogic(r.Context(), svcCtx).DownloadHead(w, r, &req); err != nil {
			response.Write(w, r, nil, err)
		}
	}
}

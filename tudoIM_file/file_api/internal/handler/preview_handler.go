package handler

import (
	"net/http"

	"tudoIM/common/response"
	"tudoIM/tudoIM_file/file_api/internal/logic"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// previewHandler answers with what can be shown of a file. It is written by
// hand: only of what is nothing but described the answer is an envelope.
func previewHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req types.PreviewRequest
		if err := response.Parse(r, &req); err != nil {
			response.Write(w, r, nil, err)
			return
		}
		card, err := logic.NewPreviewLogic(r.Context(), svcCtx).Preview(w, r, &req)
		if card != nil || err != nil {
			response.Write(w, r, card, err)
		}
	}
}

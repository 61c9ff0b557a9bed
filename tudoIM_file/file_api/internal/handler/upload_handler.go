package handler

import (
	"net/http"

	"tudoIM/common/response"
	"tudoIM/tudoIM_file/file_api/internal/logic"
	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// uploadHandler stores the file in the request's body. It is written by hand:
// the body is taken as it comes, not parsed into a request.
func uploadHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		resp, err := logic.NewUploadLogic(r.Context(), svcCtx).Upload(w, r)
		response.Write(w, r, resp, err)
	}
}

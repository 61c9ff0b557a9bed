package handler

import (
	"net/http"

	"tudoIM/common/response"
	"tudoIM/tudoIM_file/file_api/internal/logic"
	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// imageHandler stores the image in the request's body. It is written by hand:
// the body is taken as it comes, not parsed into a request.
func imageHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		resp, err := logic.NewImageLogic(r.Context(), svcCtx).Image(w, r)
		response.Write(w, r, resp, err)
	}
}

package handler

import (
	"net/http"
	"unicode/utf8"

	"github.com/zeromicro/go-zero/rest/httpx"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/tudoIM_file/file_api/internal/logic"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// putPartHandler stores the part that is the request's body. It is written by
// hand: the body is taken as it comes, not parsed into a request.
func putPartHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req types.PutPartRequest
		if err := httpx.ParsePath(r, &req); err != nil || !utf8.ValidString(req.UploadID) {
			response.Write(w, r, nil, errs.Bad)
			return
		}
		resp, err := logic.NewPutPartLogic(r.Context(), svcCtx).PutPart(w, r, &req)
		response.Write(w, r, resp, err)
	}
}

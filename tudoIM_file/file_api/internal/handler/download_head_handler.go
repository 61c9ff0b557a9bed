package handler

import (
	"net/http"

	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// downloadHeadHandler answers as to GET: of the answer to a HEAD net/http
// sends the headers alone.
func downloadHeadHandler(svcCtx *svc.ServiceContext) http.HandlerFunc { return downloadHandler(svcCtx) }

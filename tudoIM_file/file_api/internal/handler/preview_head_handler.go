package handler

import (
	"net/http"

	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// previewHeadHandler answers as to GET: of the answer to a HEAD net/http sends
// the headers alone.
func previewHeadHandler(svcCtx *svc.ServiceContext) http.HandlerFunc { return previewHandler(svcCtx) }

package handler

import (
	"net/http"

	"tudoIM/common/response"
	"tudoIM/tudoIM_chat/chat_api/internal/logic"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
)

// wsHandler upgrades the request to a socket and serves it until it ends. It
// is written by hand: a socket is no request with an answer.
func wsHandler(svcCtx *svc.ServiceContext) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := logic.NewWsLogic(r.Context(), svcCtx).Ws(w, r); err != nil {
			response.Write(w, r, nil, err)
		}
	}
}

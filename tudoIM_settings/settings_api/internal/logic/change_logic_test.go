package logic

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

func TestOnlyAdministratorsChangeTheSite(t *testing.T) {
	t.Parallel()
	title, abstract, open, number, bytes, login := "T", "", false, int32(0), int64(5), "class"
	all := &types.ChangeRequest{
		Site: &types.ChangeSite{Title: &title, Abstract: &abstract}, RegisterOpen: &open, RecallWindowSeconds: &number,
		MaxTextLength: &number, ImageMaxBytes: &bytes, FileMaxBytes: &bytes, MultiLogin: &login,
	}
	for _, c := range []struct {
		name string
		who  token.Identity
		req  *types.ChangeRequest
		err  error
		want *settings_rpc.PutRequest
	}{
		{"nobody", token.Identity{}, all, errs.Forbidden, nil},
		{"nobody who claims a role", token.Identity{Role: roleAdmin}, all, errs.Forbidden, nil},
		{"user", token.Identity{UserID: 1, Role: 2}, all, errs.Forbidden, nil},
		{"administrator", token.Identity{UserID: 1, Role: roleAdmin}, all, nil, &settings_rpc.PutRequest{
			Title: &title, Abstract: &abstract, RegisterOpen: &open, RecallWindowSeconds: &number, MaxTextLength: &number,
			ImageMaxBytes: &bytes, FileMaxBytes: &bytes, MultiLogin: &login,
		}},
		{"nothing", token.Identity{UserID: 1, Role: roleAdmin}, &types.ChangeRequest{}, nil, &settings_rpc.PutRequest{}},
		{"rpc away", token.Identity{UserID: 1, Role: roleAdmin}, &types.ChangeRequest{}, errs.Unavailable, &settings_rpc.PutRequest{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var put *settings_rpc.PutRequest
			rpc := settings{put: &put}
			if c.want != nil {
				rpc.err = c.err
			}
			err := NewChangeLogic(token.With(t.Context(), c.who), &svc.ServiceContext{Settings: rpc}).Change(c.req)
			if !errors.Is(err, c.err) || (put == nil) != (c.want == nil) || put != nil && !proto.Equal(put, c.want) {
				t.Errorf("put %v, error %v", put, err)
			}
		})
	}
}

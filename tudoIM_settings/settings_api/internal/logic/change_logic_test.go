package logic

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// judge is a user_rpc that knows user 1 alone for an administrator, and keeps
// what it wrote down.
type judge struct {
	user.User
	about string
	code  int32
}

func (j *judge) Judge(_ context.Context, in *user_rpc.JudgeRequest, _ ...grpc.CallOption) (*user_rpc.JudgeResponse, error) {
	j.about = in.Act + ": " + in.About
	if in.OperatorId != 1 {
		return nil, errs.Forbidden
	}
	return &user_rpc.JudgeResponse{AuditId: 7}, nil
}

func (j *judge) Judged(_ context.Context, in *user_rpc.JudgedRequest, _ ...grpc.CallOption) (*user_rpc.JudgedResponse, error) {
	j.code = in.Code
	return &user_rpc.JudgedResponse{}, nil
}

func TestOnlyAdministratorsChangeTheSite(t *testing.T) {
	t.Parallel()
	title, abstract, open, number, bytes, login, code := "T", "", false, int32(0), int64(5), "class", "let-me-in"
	all := &types.ChangeRequest{
		Site: &types.ChangeSite{Title: &title, Abstract: &abstract}, RegisterOpen: &open, RecallWindowSeconds: &number,
		MaxTextLength: &number, ImageMaxBytes: &bytes, FileMaxBytes: &bytes, MultiLogin: &login, InviteCode: &code,
	}
	const allWords = "settings.change: abstract , fileMaxBytes 5, imageMaxBytes 5, inviteCode changed, maxTextLength 0, multiLogin class, " +
		"recallWindowSeconds 0, registerOpen false, title T"
	for _, c := range []struct {
		name  string
		who   token.Identity
		req   *types.ChangeRequest
		err   error
		want  *settings_rpc.PutRequest
		about string
	}{
		{"nobody", token.Identity{}, all, errs.Forbidden, nil, ""},
		{"nobody who claims a role", token.Identity{Role: token.RoleAdmin}, all, errs.Forbidden, nil, ""},
		{"user", token.Identity{UserID: 2, Role: 2}, all, errs.Forbidden, nil, allWords},
		{"who was one at the login", token.Identity{UserID: 2, Role: token.RoleAdmin}, all, errs.Forbidden, nil, allWords},
		{"administrator", token.Identity{UserID: 1}, all, nil, &settings_rpc.PutRequest{
			Title: &title, Abstract: &abstract, RegisterOpen: &open, RecallWindowSeconds: &number, MaxTextLength: &number,
			ImageMaxBytes: &bytes, FileMaxBytes: &bytes, MultiLogin: &login, InviteCode: &code,
		}, allWords},
		{"nothing", token.Identity{UserID: 1}, &types.ChangeRequest{}, nil, &settings_rpc.PutRequest{}, "settings.change: "},
		{"rpc away", token.Identity{UserID: 1}, &types.ChangeRequest{}, errs.Unavailable, &settings_rpc.PutRequest{}, "settings.change: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var put *settings_rpc.PutRequest
			rpc, users := settings{put: &put}, &judge{}
			if c.want != nil {
				rpc.err = c.err
			}
			err := NewChangeLogic(token.With(t.Context(), c.who), &svc.ServiceContext{Settings: rpc, Users: users}).Change(c.req)
			if !errors.Is(err, c.err) || (put == nil) != (c.want == nil) || put != nil && !proto.Equal(put, c.want) {
				t.Errorf("put %v, error %v", put, err)
			}
			late := int32(0)
			if c.want != nil && c.err != nil {
				late = int32(errs.From(c.err).Code)
			}
			if users.about != c.about || users.code != late {
				t.Errorf("written down: %q, %d", users.about, users.code)
			}
		})
	}
}

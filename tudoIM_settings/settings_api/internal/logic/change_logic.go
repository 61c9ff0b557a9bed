package logic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// ChangeLogic serves one request.
type ChangeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewChangeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ChangeLogic {
	return &ChangeLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change the site's settings, as an administrator; only the keys present change
func (l *ChangeLogic) Change(req *types.ChangeRequest) error {
	in := &settings_rpc.PutRequest{
		RegisterOpen:        req.RegisterOpen,
		RecallWindowSeconds: req.RecallWindowSeconds,
		MaxTextLength:       req.MaxTextLength,
		ImageMaxBytes:       req.ImageMaxBytes,
		FileMaxBytes:        req.FileMaxBytes,
		MultiLogin:          req.MultiLogin,
		InviteCode:          req.InviteCode,
	}
	if req.Site != nil {
		in.Title, in.Abstract = req.Site.Title, req.Site.Abstract
	}
	return admin.Act(l.ctx, l.svcCtx.Users, "settings.change", 0, told(in), func(uint64) error {
		_, err := l.svcCtx.Settings.Put(l.ctx, in)
		return err
	})
}

// told is what in changes, in words for the audit. The invite code is a secret.
func told(in *settings_rpc.PutRequest) string {
	var words []string
	in.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.JSONName() == "inviteCode" {
			v = protoreflect.ValueOfString("changed")
		}
		words = append(words, fmt.Sprintf("%s %.64s", f.JSONName(), fmt.Sprint(v.Interface())))
		return true
	})
	slices.Sort(words) // the order of the fields is not promised
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.Join(words, ", "))
}

package logic

import (
	"errors"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

func TestSetSender(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newContext(t, d, users{})
		for _, c := range []struct {
			name string
			in   *group_rpc.SetSenderRequest
			err  error
			want model.GroupSenderModel
		}{
			{"the first word", &group_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Until: 7, Version: 2}, nil, model.GroupSenderModel{Refusal: 40004, UntilAt: 7, Version: 2}},
			{"an old one", &group_rpc.SetSenderRequest{UserId: 1, Version: 1}, nil, model.GroupSenderModel{Refusal: 40004, UntilAt: 7, Version: 2}},
			{"a new one", &group_rpc.SetSenderRequest{UserId: 1, Gone: true, Version: 3}, nil, model.GroupSenderModel{Gone: true, Version: 3}},
			{"about nobody", &group_rpc.SetSenderRequest{Version: 4}, errs.Bad, model.GroupSenderModel{Gone: true, Version: 3}},
		} {
			if _, err := NewSetSenderLogic(t.Context(), s).SetSender(c.in); !errors.Is(err, c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			var got model.GroupSenderModel
			if err := d.Take(&got, "user_id = 1").Error; err != nil {
				t.Fatal(err)
			}
			if c.want.UserID, c.want.UpdatedAt = 1, got.UpdatedAt; got != c.want || got.UpdatedAt == 0 {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
		}
	}, model.Migration)
}

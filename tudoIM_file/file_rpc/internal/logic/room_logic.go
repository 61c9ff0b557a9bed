package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// RoomLogic serves one request.
type RoomLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRoomLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RoomLogic {
	return &RoomLogic{ctx: ctx, svcCtx: svcCtx}
}

// Room says how much of a user's quota is left, so that an upload which cannot
// be kept is refused before it is stored. Only Put decides.
func (l *RoomLogic) Room(in *file_rpc.RoomRequest) (*file_rpc.RoomResponse, error) {
	left, err := l.svcCtx.Files.Room(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	return &file_rpc.RoomResponse{Bytes: left.Bytes, Files: left.Files}, nil
}

package logic

import (
	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

func shape(f *model.FileModel) *file_rpc.File {
	return &file_rpc.File{
		Uid: f.UID, UserId: f.UserID, FileName: f.FileName, Size: f.Size, Hash: f.SHA256,
		Mime: f.Mime, Kind: f.Kind, CreatedAt: f.CreatedAt, Key: f.BlobKey,
		Width: f.Width, Height: f.Height, IsPublic: f.IsPublic,
	}
}

func shapes(list []*model.FileModel) []*file_rpc.File {
	files := make([]*file_rpc.File, len(list))
	for n, f := range list {
		files[n] = shape(f)
	}
	return files
}

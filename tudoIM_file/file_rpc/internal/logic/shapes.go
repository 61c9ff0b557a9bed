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

func shapeUpload(u *model.UploadModel, done []model.UploadPartModel) *file_rpc.Upload {
	r := &file_rpc.Upload{
		UploadId: u.UID, UserId: u.UserID, FileName: u.FileName, Size: u.Size, Hash: u.SHA256, PartSize: u.PartSize,
		Parts: u.Parts(), ExpiresAt: u.ExpiresAt, FileUid: u.FileUID, Ver: u.Ver,
	}
	for _, p := range done {
		r.Done = append(r.Done, &file_rpc.UploadPart{N: p.N, Size: p.Size, Hash: p.SHA256, Key: p.BlobKey})
	}
	return r
}

package svc

import (
	"path/filepath"

	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/core/conf"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_file/file_api/internal/access"
	"tudoIM/tudoIM_file/file_api/internal/config"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/join"
	"tudoIM/tudoIM_file/file_api/internal/preview"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config   config.Config
	Files    files.Files
	Access   *access.Access
	Settings settings.Settings
	Store    store.Store
	Turns    *receive.Turns
	Joiner   *join.Joiner
	Users    user.User
	Auth     auth.Auth
	// LinkKey seals links to files.
	LinkKey []byte
	// ProofKey seals what is asked of who says he has a file's bytes.
	ProofKey []byte
	Patience conn.Patience
	Previews *preview.Maker
}

// NewServiceContext opens the store, which must be there, and what else the
// half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	recorded, err := run.Client(c.Half, "file_rpc")
	if err != nil {
		return nil, err
	}
	site, err := run.Client(c.Half, "settings_rpc")
	if err != nil {
		return nil, err
	}
	chats, err := run.Client(c.Half, "chat_rpc")
	if err != nil {
		return nil, err
	}
	talks, err := run.Client(c.Half, "group_rpc")
	if err != nil {
		return nil, err
	}
	people, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	sessions, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	secret, err := conf.Secret(c.DataDir, "internal.secret", c.InternalSecret)
	if err != nil {
		return nil, err
	}
	dir, err := conf.Dir(c.DataDir)
	if err != nil {
		return nil, err
	}
	bytes, err := openStore(c.S3, filepath.Join(dir, "files"))
	if err != nil {
		return nil, err
	}
	ffmpeg, err := preview.FindFFmpeg(c.FFmpeg, filepath.Join(dir, "tmp"))
	if err != nil {
		return nil, err
	}
	previews, err := preview.New(bytes, ffmpeg, preview.Default)
	if err != nil {
		return nil, err
	}
	records, users, turns := files.NewFiles(recorded), user.NewUser(people), receive.NewTurns(c.UploadsAtOnce)
	return &ServiceContext{
		Config: c,
		Files:  records,
		Access: &access.Access{Files: records, Messages: []wire.MessagesClient{
			wire.NewMessagesClient(chats.Conn()), wire.NewMessagesClient(talks.Conn()),
		}, Users: users, Groups: groups.NewGroups(talks)},
		Settings: settings.NewSettings(site),
		Store:    bytes,
		Turns:    turns,
		Joiner:   &join.Joiner{Files: records, Store: bytes, Turns: turns, Wait: join.Wait},
		Users:    users,
		Auth:     auth.NewAuth(sessions),
		LinkKey:  token.LinkKey(secret),
		ProofKey: token.Key(secret, "file-possession"),
		Patience: conn.Default,
		Previews: previews,
	}, nil
}

// openStore opens the bucket that c names, with its drafts in folder dir, or
// that folder itself.
func openStore(c store.S3Config, dir string) (store.Store, error) {
	if c.Endpoint == "" {
		return store.OpenDisk(dir)
	}
	return store.OpenS3(c, dir)
}

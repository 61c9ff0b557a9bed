-- +goose Up
CREATE TABLE IF NOT EXISTS user_models (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    user_name       TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    pwd             TEXT NOT NULL,
    nickname        TEXT NOT NULL,
    abstract        TEXT NOT NULL DEFAULT '',
    avatar          TEXT NOT NULL DEFAULT '',
    role            INTEGER NOT NULL DEFAULT 2,
    status          INTEGER NOT NULL DEFAULT 0,
    register_source TEXT NOT NULL DEFAULT '',
    ver             INTEGER NOT NULL DEFAULT 1,
    deleted_at      INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_user_name_key ON user_models (name_key);

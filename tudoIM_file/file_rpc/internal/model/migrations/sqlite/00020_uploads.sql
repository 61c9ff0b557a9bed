-- +goose Up
CREATE TABLE IF NOT EXISTS upload_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    uid        TEXT NOT NULL,
    user_id    INTEGER NOT NULL,
    file_name  TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT NOT NULL DEFAULT '',
    part_size  INTEGER NOT NULL,
    ver        INTEGER NOT NULL DEFAULT 0,
    status     INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL,
    file_uid   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_upload_uid ON upload_models (uid);
CREATE INDEX IF NOT EXISTS idx_upload_user ON upload_models (user_id, status, expires_at);
CREATE INDEX IF NOT EXISTS idx_upload_end ON upload_models (status, expires_at);

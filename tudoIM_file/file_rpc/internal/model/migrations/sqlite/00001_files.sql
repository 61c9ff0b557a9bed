-- +goose Up
CREATE TABLE IF NOT EXISTS file_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    uid        TEXT NOT NULL,
    user_id    INTEGER NOT NULL,
    blob_id    INTEGER NOT NULL,
    file_name  TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    mime       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    width      INTEGER NOT NULL DEFAULT 0,
    height     INTEGER NOT NULL DEFAULT 0,
    duration   INTEGER NOT NULL DEFAULT 0,
    ref_count  INTEGER NOT NULL DEFAULT 0,
    status     INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_file_uid ON file_models (uid);
CREATE INDEX IF NOT EXISTS idx_file_user ON file_models (user_id, id);
CREATE INDEX IF NOT EXISTS idx_file_blob ON file_models (blob_id);

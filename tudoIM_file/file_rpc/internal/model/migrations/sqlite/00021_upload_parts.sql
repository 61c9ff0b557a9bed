-- +goose Up
CREATE TABLE IF NOT EXISTS upload_part_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    upload_id  INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    blob_id    INTEGER NOT NULL,
    blob_key   TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_upload_part ON upload_part_models (upload_id, n);

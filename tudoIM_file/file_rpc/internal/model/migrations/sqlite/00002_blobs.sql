-- +goose Up
CREATE TABLE IF NOT EXISTS file_blob_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    size       INTEGER NOT NULL,
    refs       INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_file_blob_sha256 ON file_blob_models (sha256);

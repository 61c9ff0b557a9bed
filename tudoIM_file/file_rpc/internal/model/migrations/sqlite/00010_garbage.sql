-- +goose Up
CREATE TABLE IF NOT EXISTS file_garbage_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    blob_key   TEXT NOT NULL
);

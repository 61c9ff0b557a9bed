-- +goose Up
CREATE TABLE IF NOT EXISTS open_id_models (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    provider   TEXT NOT NULL,
    subject    TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_open_id ON open_id_models (provider, subject);
CREATE INDEX IF NOT EXISTS idx_open_id_user ON open_id_models (user_id);

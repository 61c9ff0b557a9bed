-- +goose Up
CREATE TABLE IF NOT EXISTS open_state_models (
    hash    TEXT NOT NULL PRIMARY KEY,
    ends_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_open_state_end ON open_state_models (ends_at);

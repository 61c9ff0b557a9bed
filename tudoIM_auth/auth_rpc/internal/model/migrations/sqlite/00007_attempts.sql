-- +goose Up
CREATE TABLE IF NOT EXISTS attempt_models (
    hash    TEXT NOT NULL PRIMARY KEY,
    ends_at INTEGER NOT NULL,
    count   INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_attempt_end ON attempt_models (ends_at);

-- +goose Up
CREATE TABLE IF NOT EXISTS ticket_models (
    hash       TEXT NOT NULL PRIMARY KEY,
    session_id INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_ticket_end ON ticket_models (ends_at);

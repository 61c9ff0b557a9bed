-- +goose Up
CREATE TABLE IF NOT EXISTS group_conversation_models (
    id         INTEGER NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    max_seq    INTEGER NOT NULL DEFAULT 0,
    ver        INTEGER NOT NULL DEFAULT 0,
    last_at    INTEGER NOT NULL DEFAULT 0
);

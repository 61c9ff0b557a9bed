-- +goose Up
CREATE TABLE IF NOT EXISTS chat_sender_models (
    user_id    INTEGER NOT NULL PRIMARY KEY,
    refusal    INTEGER NOT NULL DEFAULT 0,
    until_at   INTEGER NOT NULL DEFAULT 0,
    gone       INTEGER NOT NULL DEFAULT 0,
    version    INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL DEFAULT 0
);

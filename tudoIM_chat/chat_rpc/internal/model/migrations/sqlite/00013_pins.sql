-- +goose Up
CREATE TABLE IF NOT EXISTS chat_pin_models (
    id              INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_chat_pin ON chat_pin_models (conversation_id, created_at);

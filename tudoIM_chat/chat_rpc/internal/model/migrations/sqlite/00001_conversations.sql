-- +goose Up
CREATE TABLE IF NOT EXISTS conversation_models (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at    INTEGER NOT NULL,
    low_user_id   INTEGER NOT NULL,
    high_user_id  INTEGER NOT NULL,
    max_seq       INTEGER NOT NULL DEFAULT 0,
    ver           INTEGER NOT NULL DEFAULT 0,
    last_at       INTEGER NOT NULL DEFAULT 0,
    low_read_seq  INTEGER NOT NULL DEFAULT 0,
    high_read_seq INTEGER NOT NULL DEFAULT 0,
    low_refusal   INTEGER NOT NULL DEFAULT 0,
    high_refusal  INTEGER NOT NULL DEFAULT 0,
    rights_ver    INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_conversation_pair ON conversation_models (low_user_id, high_user_id);
CREATE INDEX IF NOT EXISTS idx_conversation_high ON conversation_models (high_user_id);

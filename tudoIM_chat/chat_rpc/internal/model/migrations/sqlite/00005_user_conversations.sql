-- +goose Up
CREATE TABLE IF NOT EXISTS user_conversation_models (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    clear_seq       INTEGER NOT NULL DEFAULT 0,
    is_muted        INTEGER NOT NULL DEFAULT 0,
    hidden_seq      INTEGER NOT NULL DEFAULT 0,
    draft           TEXT NOT NULL DEFAULT '',
    ver             INTEGER NOT NULL DEFAULT 0,
    updated_at      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;

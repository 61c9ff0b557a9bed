-- +goose Up
CREATE TABLE IF NOT EXISTS user_chat_delete_models (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    chat_id         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS uk_user_chat_delete ON user_chat_delete_models (user_id, chat_id);

-- +goose Up
CREATE TABLE IF NOT EXISTS group_msg_delete_models (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    chat_id         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS uk_group_msg_delete ON group_msg_delete_models (user_id, chat_id);
CREATE INDEX IF NOT EXISTS idx_group_msg_delete_time ON group_msg_delete_models (user_id, created_at);

-- +goose Up
CREATE TABLE IF NOT EXISTS group_msg_models (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ver             INTEGER NOT NULL,
    send_user_id    INTEGER NOT NULL,
    group_id        INTEGER NOT NULL,
    client_msg_id   TEXT NOT NULL,
    msg_type        INTEGER NOT NULL,
    msg             TEXT NOT NULL,
    msg_preview     TEXT NOT NULL,
    status          INTEGER NOT NULL DEFAULT 0,
    changes         INTEGER NOT NULL DEFAULT 0,
    edited_at       INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS uk_group_msg_id ON group_msg_models (id);
CREATE UNIQUE INDEX IF NOT EXISTS uk_group_msg_client ON group_msg_models (conversation_id, send_user_id, client_msg_id);
CREATE INDEX IF NOT EXISTS idx_group_msg_ver ON group_msg_models (conversation_id, ver);

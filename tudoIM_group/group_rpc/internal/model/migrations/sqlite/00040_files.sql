-- +goose Up
-- What was sent before this table was is not looked through: such a file stays
-- its owner's alone until it is sent again.
CREATE TABLE IF NOT EXISTS group_file_models (
    uid             TEXT NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    message_id      INTEGER NOT NULL,
    PRIMARY KEY (uid, conversation_id, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idx_group_file_message ON group_file_models (message_id);

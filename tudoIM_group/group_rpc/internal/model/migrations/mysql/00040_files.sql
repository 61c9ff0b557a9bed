-- +goose Up
-- What was sent before this table was is not looked through: such a file stays
-- its owner's alone until it is sent again.
CREATE TABLE IF NOT EXISTS group_file_models (
    uid             VARBINARY(32) NOT NULL,
    conversation_id BIGINT UNSIGNED NOT NULL,
    seq             BIGINT UNSIGNED NOT NULL,
    message_id      BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (uid, conversation_id, seq),
    KEY idx_group_file_message (message_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

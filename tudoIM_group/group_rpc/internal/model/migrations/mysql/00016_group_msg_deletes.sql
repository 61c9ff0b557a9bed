-- +goose Up
CREATE TABLE IF NOT EXISTS group_msg_delete_models (
    user_id         BIGINT UNSIGNED NOT NULL,
    conversation_id BIGINT UNSIGNED NOT NULL,
    seq             BIGINT UNSIGNED NOT NULL,
    chat_id         BIGINT UNSIGNED NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq),
    UNIQUE KEY uk_group_msg_delete (user_id, chat_id),
    KEY idx_group_msg_delete_time (user_id, created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

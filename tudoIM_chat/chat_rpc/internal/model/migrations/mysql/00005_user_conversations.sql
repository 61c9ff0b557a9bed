-- +goose Up
CREATE TABLE IF NOT EXISTS user_conversation_models (
    user_id         BIGINT UNSIGNED NOT NULL,
    conversation_id BIGINT UNSIGNED NOT NULL,
    clear_seq       BIGINT UNSIGNED NOT NULL DEFAULT 0,
    is_muted        TINYINT NOT NULL DEFAULT 0,
    hidden_seq      BIGINT UNSIGNED NOT NULL DEFAULT 0,
    draft           VARCHAR(4000) NOT NULL DEFAULT '',
    ver             BIGINT UNSIGNED NOT NULL DEFAULT 0,
    updated_at      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

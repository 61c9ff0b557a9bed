-- +goose Up
CREATE TABLE IF NOT EXISTS chat_pin_models (
    id              BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    conversation_id BIGINT UNSIGNED NOT NULL,
    user_id         BIGINT UNSIGNED NOT NULL,
    created_at      BIGINT NOT NULL,
    KEY idx_chat_pin (conversation_id, created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

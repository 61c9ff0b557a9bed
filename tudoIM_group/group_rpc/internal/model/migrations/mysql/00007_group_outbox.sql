-- +goose Up
CREATE TABLE IF NOT EXISTS group_outbox_models (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at  BIGINT NOT NULL,
    message_ids TEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- +goose Up
CREATE TABLE IF NOT EXISTS open_id_models (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    provider   VARBINARY(32) NOT NULL,
    subject    VARBINARY(255) NOT NULL,
    UNIQUE KEY uk_open_id (provider, subject),
    KEY idx_open_id_user (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

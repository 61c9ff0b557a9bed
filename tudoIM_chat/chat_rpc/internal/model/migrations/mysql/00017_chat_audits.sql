-- +goose Up
CREATE TABLE IF NOT EXISTS chat_audit_models (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at  BIGINT NOT NULL,
    operator_id BIGINT UNSIGNED NOT NULL,
    act         VARCHAR(32) NOT NULL,
    about       TEXT NOT NULL,
    refused     BOOLEAN NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

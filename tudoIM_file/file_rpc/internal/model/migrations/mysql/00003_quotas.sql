-- +goose Up
CREATE TABLE IF NOT EXISTS file_quota_models (
    user_id    BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    bytes      BIGINT NOT NULL,
    files      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

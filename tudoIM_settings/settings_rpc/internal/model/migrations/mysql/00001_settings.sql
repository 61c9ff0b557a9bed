-- +goose Up
CREATE TABLE IF NOT EXISTS settings_models (
    name       VARBINARY(64) NOT NULL PRIMARY KEY,
    value      VARCHAR(1024) NOT NULL,
    ver        BIGINT UNSIGNED NOT NULL,
    updated_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

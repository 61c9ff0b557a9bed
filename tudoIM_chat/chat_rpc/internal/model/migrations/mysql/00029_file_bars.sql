-- +goose Up
CREATE TABLE IF NOT EXISTS chat_file_bar_models (
    uid          VARBINARY(32) NOT NULL PRIMARY KEY,
    barred_until BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

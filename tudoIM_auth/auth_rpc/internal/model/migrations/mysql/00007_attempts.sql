-- +goose Up
CREATE TABLE IF NOT EXISTS attempt_models (
    hash    VARBINARY(64) NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    KEY idx_attempt_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

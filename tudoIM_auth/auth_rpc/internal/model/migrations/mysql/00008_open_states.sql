-- +goose Up
CREATE TABLE IF NOT EXISTS open_state_models (
    hash    VARBINARY(64) NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL,
    KEY idx_open_state_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

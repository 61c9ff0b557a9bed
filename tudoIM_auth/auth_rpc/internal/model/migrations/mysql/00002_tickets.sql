-- +goose Up
CREATE TABLE IF NOT EXISTS ticket_models (
    hash       VARBINARY(64) NOT NULL PRIMARY KEY,
    session_id BIGINT UNSIGNED NOT NULL,
    ends_at    BIGINT NOT NULL,
    KEY idx_ticket_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

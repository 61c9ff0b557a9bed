-- +goose Up
CREATE TABLE IF NOT EXISTS group_link_models (
    code       VARBINARY(32) NOT NULL PRIMARY KEY,
    group_id   BIGINT UNSIGNED NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    created_at BIGINT NOT NULL,
    expire_at  BIGINT NOT NULL,
    max_uses   INT NOT NULL DEFAULT 0,
    uses       INT NOT NULL DEFAULT 0,
    KEY idx_group_link (group_id, expire_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- +goose Up
CREATE TABLE IF NOT EXISTS group_try_models (
    group_id BIGINT UNSIGNED NOT NULL,
    user_id  BIGINT UNSIGNED NOT NULL,
    tries    INT NOT NULL DEFAULT 0,
    tried_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

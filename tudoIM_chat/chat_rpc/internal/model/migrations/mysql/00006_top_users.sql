-- +goose Up
CREATE TABLE IF NOT EXISTS top_user_models (
    user_id     BIGINT UNSIGNED NOT NULL,
    top_user_id BIGINT UNSIGNED NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, top_user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

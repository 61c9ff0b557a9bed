-- +goose Up
CREATE TABLE IF NOT EXISTS group_notice_confirm_models (
    notice_id  BIGINT UNSIGNED NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (notice_id, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

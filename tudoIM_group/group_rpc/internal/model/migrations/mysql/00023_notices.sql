-- +goose Up
CREATE TABLE IF NOT EXISTS group_notice_models (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    group_id     BIGINT UNSIGNED NOT NULL,
    user_id      BIGINT UNSIGNED NOT NULL,
    content      TEXT NOT NULL,
    is_top       BOOLEAN NOT NULL DEFAULT FALSE,
    need_confirm BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   BIGINT NOT NULL,
    KEY idx_group_notice (group_id, is_top, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- +goose Up
CREATE TABLE IF NOT EXISTS group_member_models (
    id                BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    group_id          BIGINT UNSIGNED NOT NULL,
    user_id           BIGINT UNSIGNED NOT NULL,
    inviter_id        BIGINT UNSIGNED NOT NULL DEFAULT 0,
    role              TINYINT NOT NULL,
    member_nickname   VARCHAR(32) NOT NULL DEFAULT '',
    prohibition_until BIGINT NOT NULL DEFAULT 0,
    join_seq          BIGINT UNSIGNED NOT NULL DEFAULT 0,
    read_seq          BIGINT UNSIGNED NOT NULL DEFAULT 0,
    is_top            BOOLEAN NOT NULL DEFAULT FALSE,
    is_muted          BOOLEAN NOT NULL DEFAULT FALSE,
    show_nick         BOOLEAN NOT NULL DEFAULT TRUE,
    saved             BOOLEAN NOT NULL DEFAULT FALSE,
    remark            VARCHAR(64) NOT NULL DEFAULT '',
    ver               BIGINT UNSIGNED NOT NULL DEFAULT 1,
    deleted_at        BIGINT NOT NULL DEFAULT 0,
    UNIQUE KEY uk_group_member (group_id, user_id),
    KEY idx_group_member_role (group_id, role),
    KEY idx_group_member_user (user_id, deleted_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

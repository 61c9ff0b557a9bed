-- +goose Up
CREATE TABLE IF NOT EXISTS friend_verify_models (
    id                  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    send_user_id        BIGINT UNSIGNED NOT NULL,
    rev_user_id         BIGINT UNSIGNED NOT NULL,
    open_key            VARBINARY(41) NULL,
    send_status         TINYINT NOT NULL DEFAULT 0,
    rev_status          TINYINT NOT NULL DEFAULT 0,
    additional_messages VARCHAR(200) NOT NULL DEFAULT '',
    problem1            VARCHAR(200) NOT NULL DEFAULT '',
    problem2            VARCHAR(200) NOT NULL DEFAULT '',
    problem3            VARCHAR(200) NOT NULL DEFAULT '',
    answer1             VARCHAR(200) NOT NULL DEFAULT '',
    answer2             VARCHAR(200) NOT NULL DEFAULT '',
    answer3             VARCHAR(200) NOT NULL DEFAULT '',
    send_notice         VARCHAR(32) NOT NULL DEFAULT '',
    source              VARCHAR(32) NOT NULL DEFAULT '',
    handled_at          BIGINT NOT NULL DEFAULT 0,
    UNIQUE KEY uk_friend_verify_open (open_key),
    KEY idx_friend_verify_send (send_user_id, created_at),
    KEY idx_friend_verify_rev (rev_user_id, rev_status)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

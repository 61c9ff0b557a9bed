-- +goose Up
CREATE TABLE IF NOT EXISTS conversation_models (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at    BIGINT NOT NULL,
    low_user_id   BIGINT UNSIGNED NOT NULL,
    high_user_id  BIGINT UNSIGNED NOT NULL,
    max_seq       BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ver           BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_at       BIGINT NOT NULL DEFAULT 0,
    low_read_seq  BIGINT UNSIGNED NOT NULL DEFAULT 0,
    high_read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
    low_refusal   INT NOT NULL DEFAULT 0,
    high_refusal  INT NOT NULL DEFAULT 0,
    rights_ver    BIGINT UNSIGNED NOT NULL DEFAULT 0,
    UNIQUE KEY uk_conversation_pair (low_user_id, high_user_id),
    KEY idx_conversation_high (high_user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

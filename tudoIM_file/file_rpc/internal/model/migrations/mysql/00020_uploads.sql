-- +goose Up
CREATE TABLE IF NOT EXISTS upload_models (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    uid        VARBINARY(32) NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    file_name  VARCHAR(255) NOT NULL,
    size       BIGINT NOT NULL,
    sha256     VARBINARY(64) NOT NULL DEFAULT '',
    part_size  BIGINT NOT NULL,
    ver        BIGINT NOT NULL DEFAULT 0,
    status     TINYINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    file_uid   VARBINARY(32) NOT NULL DEFAULT '',
    UNIQUE KEY uk_upload_uid (uid),
    KEY idx_upload_user (user_id, status, expires_at),
    KEY idx_upload_end (status, expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

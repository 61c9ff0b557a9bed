-- +goose Up
CREATE TABLE IF NOT EXISTS file_models (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    uid        VARBINARY(32) NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    blob_id    BIGINT UNSIGNED NOT NULL,
    file_name  VARCHAR(255) NOT NULL,
    size       BIGINT NOT NULL,
    sha256     VARBINARY(64) NOT NULL,
    mime       VARBINARY(128) NOT NULL,
    kind       VARBINARY(16) NOT NULL,
    width      INT NOT NULL DEFAULT 0,
    height     INT NOT NULL DEFAULT 0,
    duration   INT NOT NULL DEFAULT 0,
    ref_count  INT NOT NULL DEFAULT 0,
    status     TINYINT NOT NULL DEFAULT 0,
    UNIQUE KEY uk_file_uid (uid),
    KEY idx_file_user (user_id, id),
    KEY idx_file_blob (blob_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

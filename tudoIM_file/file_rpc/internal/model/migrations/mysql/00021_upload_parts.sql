-- +goose Up
CREATE TABLE IF NOT EXISTS upload_part_models (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    upload_id  BIGINT UNSIGNED NOT NULL,
    n          INT NOT NULL,
    size       BIGINT NOT NULL,
    sha256     VARBINARY(64) NOT NULL,
    blob_id    BIGINT UNSIGNED NOT NULL,
    blob_key   VARBINARY(64) NOT NULL,
    UNIQUE KEY uk_upload_part (upload_id, n)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

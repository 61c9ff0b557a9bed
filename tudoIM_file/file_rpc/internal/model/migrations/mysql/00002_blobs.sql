-- +goose Up
CREATE TABLE IF NOT EXISTS file_blob_models (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sha256     VARBINARY(64) NOT NULL,
    size       BIGINT NOT NULL,
    refs       BIGINT NOT NULL,
    UNIQUE KEY uk_file_blob_sha256 (sha256)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- +goose Up
CREATE TABLE IF NOT EXISTS user_models (
    id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    user_name       VARCHAR(32) NOT NULL,
    name_key        VARBINARY(512) NOT NULL,
    pwd             VARBINARY(255) NOT NULL,
    nickname        VARCHAR(32) NOT NULL,
    abstract        VARCHAR(200) NOT NULL DEFAULT '',
    avatar          VARCHAR(255) NOT NULL DEFAULT '',
    role            TINYINT NOT NULL DEFAULT 2,
    status          TINYINT NOT NULL DEFAULT 0,
    register_source VARCHAR(32) NOT NULL DEFAULT '',
    ver             BIGINT UNSIGNED NOT NULL DEFAULT 1,
    deleted_at      BIGINT NOT NULL DEFAULT 0,
    UNIQUE KEY uk_user_name_key (name_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

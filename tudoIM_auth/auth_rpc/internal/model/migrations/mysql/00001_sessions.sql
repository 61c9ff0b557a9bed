-- +goose Up
CREATE TABLE IF NOT EXISTS session_models (
    id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    user_id         BIGINT UNSIGNED NOT NULL,
    role            TINYINT NOT NULL,
    device_id       VARBINARY(128) NOT NULL,
    platform        VARBINARY(16) NOT NULL,
    device_name     VARCHAR(64) NOT NULL,
    ip              VARBINARY(45) NOT NULL,
    generation      BIGINT UNSIGNED NOT NULL,
    refresh_hash    VARBINARY(64) NOT NULL,
    refresh_ends_at BIGINT NOT NULL,
    last_active_at  BIGINT NOT NULL,
    revoked_at      BIGINT NOT NULL DEFAULT 0,
    revoke_reason   VARBINARY(16) NOT NULL DEFAULT '',
    KEY idx_session_user (user_id, revoked_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

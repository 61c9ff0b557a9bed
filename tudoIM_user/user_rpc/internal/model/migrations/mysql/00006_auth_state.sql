-- +goose Up
ALTER TABLE user_models
    ADD COLUMN auth_ver     BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN auth_reason  VARBINARY(16) NOT NULL DEFAULT '',
    ADD COLUMN keep_session BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN auth_synced  BOOLEAN NOT NULL DEFAULT TRUE,
    ADD KEY idx_user_auth_synced (auth_synced, id),
    ADD KEY idx_user_role (role, id);

-- +goose Up
ALTER TABLE session_models
    ADD COLUMN auth_ver BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD KEY idx_session_device (user_id, device_id);

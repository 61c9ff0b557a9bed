-- +goose Up
ALTER TABLE session_models ADD COLUMN auth_ver INTEGER NOT NULL DEFAULT 0;
CREATE INDEX idx_session_device ON session_models (user_id, device_id);

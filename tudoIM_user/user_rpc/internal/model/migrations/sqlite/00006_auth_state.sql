-- +goose Up
ALTER TABLE user_models ADD COLUMN auth_ver INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_models ADD COLUMN auth_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE user_models ADD COLUMN keep_session INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_models ADD COLUMN auth_synced INTEGER NOT NULL DEFAULT 1;
CREATE INDEX idx_user_auth_synced ON user_models (auth_synced, id);
CREATE INDEX idx_user_role ON user_models (role, id);

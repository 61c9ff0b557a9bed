-- +goose Up
ALTER TABLE user_models ADD COLUMN sender_ver INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_models ADD COLUMN chat_synced INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user_models ADD COLUMN group_synced INTEGER NOT NULL DEFAULT 1;
CREATE INDEX idx_user_chat_synced ON user_models (chat_synced, id);
CREATE INDEX idx_user_group_synced ON user_models (group_synced, id);

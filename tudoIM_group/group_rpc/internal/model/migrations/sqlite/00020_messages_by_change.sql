-- +goose Up
CREATE INDEX IF NOT EXISTS idx_group_msg_changed ON group_msg_models (conversation_id, changed_ver);

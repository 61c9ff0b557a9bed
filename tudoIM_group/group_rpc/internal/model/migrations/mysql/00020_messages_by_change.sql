-- +goose Up
CREATE INDEX idx_group_msg_changed ON group_msg_models (conversation_id, changed_ver);

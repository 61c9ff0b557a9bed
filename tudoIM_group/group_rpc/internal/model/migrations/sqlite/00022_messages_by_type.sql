-- +goose Up
CREATE INDEX IF NOT EXISTS idx_group_msg_type ON group_msg_models (conversation_id, msg_type, seq);

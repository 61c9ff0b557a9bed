-- +goose Up
CREATE INDEX idx_group_msg_type ON group_msg_models (conversation_id, msg_type, seq);

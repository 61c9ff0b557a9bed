-- +goose Up
CREATE INDEX idx_chat_type ON chat_models (conversation_id, msg_type, seq);

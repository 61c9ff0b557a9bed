-- +goose Up
CREATE INDEX IF NOT EXISTS idx_chat_type ON chat_models (conversation_id, msg_type, seq);

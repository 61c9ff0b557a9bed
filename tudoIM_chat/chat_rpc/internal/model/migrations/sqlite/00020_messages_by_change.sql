-- +goose Up
CREATE INDEX IF NOT EXISTS idx_chat_changed ON chat_models (conversation_id, changed_ver);

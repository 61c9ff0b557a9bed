-- +goose Up
CREATE INDEX idx_chat_changed ON chat_models (conversation_id, changed_ver);

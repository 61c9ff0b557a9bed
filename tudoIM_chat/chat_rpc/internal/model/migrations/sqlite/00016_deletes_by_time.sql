-- +goose Up
CREATE INDEX IF NOT EXISTS idx_user_chat_delete_time ON user_chat_delete_models (user_id, created_at);

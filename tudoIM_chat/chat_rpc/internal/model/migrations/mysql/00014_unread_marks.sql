-- +goose Up
ALTER TABLE user_conversation_models ADD COLUMN is_unread TINYINT NOT NULL DEFAULT 0 AFTER is_muted;

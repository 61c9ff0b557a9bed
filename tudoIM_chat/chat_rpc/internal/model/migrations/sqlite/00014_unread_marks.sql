-- +goose Up
ALTER TABLE user_conversation_models ADD COLUMN is_unread INTEGER NOT NULL DEFAULT 0;

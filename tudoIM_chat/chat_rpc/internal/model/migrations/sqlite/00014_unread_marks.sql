-- +goose Up
ALTER TABLE user_conversation_models ADD COLUMN mark_seq INTEGER NOT NULL DEFAULT 0;

-- +goose Up
ALTER TABLE group_conversation_models ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;

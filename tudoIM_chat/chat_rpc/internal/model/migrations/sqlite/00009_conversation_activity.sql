-- +goose Up
ALTER TABLE conversation_models ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;

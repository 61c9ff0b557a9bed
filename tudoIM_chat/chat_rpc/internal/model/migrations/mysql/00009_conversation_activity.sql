-- +goose Up
ALTER TABLE conversation_models ADD COLUMN active_at BIGINT NOT NULL DEFAULT 0 AFTER last_at;

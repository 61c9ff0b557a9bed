-- +goose Up
ALTER TABLE user_conversation_models ADD COLUMN mark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 AFTER is_muted;

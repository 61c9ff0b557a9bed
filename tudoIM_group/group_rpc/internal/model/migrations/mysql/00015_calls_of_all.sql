-- +goose Up
ALTER TABLE group_conversation_models ADD COLUMN at_all_seq BIGINT UNSIGNED NOT NULL DEFAULT 0;

-- +goose Up
ALTER TABLE group_conversation_models ADD COLUMN at_all_seq INTEGER NOT NULL DEFAULT 0;

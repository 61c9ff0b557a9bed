-- +goose Up
ALTER TABLE conversation_models ADD COLUMN is_temporary BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Up
ALTER TABLE conversation_models ADD COLUMN high_blocked BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Up
ALTER TABLE conversation_models ADD COLUMN low_blocked BOOLEAN NOT NULL DEFAULT FALSE;

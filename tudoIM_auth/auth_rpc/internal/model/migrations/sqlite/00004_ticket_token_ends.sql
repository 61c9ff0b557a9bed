-- +goose Up
ALTER TABLE ticket_models ADD COLUMN token_ends_at INTEGER NOT NULL DEFAULT 0;

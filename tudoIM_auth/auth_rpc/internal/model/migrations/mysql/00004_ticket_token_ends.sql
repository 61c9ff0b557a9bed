-- +goose Up
ALTER TABLE ticket_models ADD COLUMN token_ends_at BIGINT NOT NULL DEFAULT 0;

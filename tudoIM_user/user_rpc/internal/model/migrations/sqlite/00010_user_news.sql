-- +goose Up
ALTER TABLE user_models ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;

-- +goose Up
ALTER TABLE user_models
    ADD COLUMN shown_at BIGINT NOT NULL DEFAULT 0;

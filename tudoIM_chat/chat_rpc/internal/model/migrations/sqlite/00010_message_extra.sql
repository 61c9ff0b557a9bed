-- +goose Up
ALTER TABLE chat_models ADD COLUMN extra TEXT NULL;

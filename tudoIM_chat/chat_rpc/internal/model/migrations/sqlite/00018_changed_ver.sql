-- +goose Up
ALTER TABLE chat_models ADD COLUMN changed_ver INTEGER NOT NULL DEFAULT 0;

-- +goose Up
ALTER TABLE file_models ADD COLUMN is_public INTEGER NOT NULL DEFAULT 0;

-- +goose Up
ALTER TABLE file_models ADD COLUMN blob_key TEXT NOT NULL DEFAULT '';

-- +goose Up
ALTER TABLE file_blob_models ADD COLUMN blob_key TEXT NOT NULL DEFAULT '';

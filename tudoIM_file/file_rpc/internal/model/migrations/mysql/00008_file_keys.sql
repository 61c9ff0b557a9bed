-- +goose Up
ALTER TABLE file_models ADD COLUMN blob_key VARBINARY(64) NOT NULL DEFAULT '';

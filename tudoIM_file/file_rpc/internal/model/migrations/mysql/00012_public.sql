-- +goose Up
ALTER TABLE file_models ADD COLUMN is_public TINYINT NOT NULL DEFAULT 0;

-- +goose Up
UPDATE file_blob_models SET blob_key = sha256 WHERE blob_key = '';

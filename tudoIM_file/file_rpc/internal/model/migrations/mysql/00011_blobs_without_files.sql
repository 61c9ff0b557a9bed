-- +goose Up
CREATE INDEX idx_file_blob_refs ON file_blob_models (refs, updated_at);

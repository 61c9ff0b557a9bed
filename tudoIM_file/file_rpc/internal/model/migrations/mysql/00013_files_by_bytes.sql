-- +goose Up
CREATE INDEX idx_file_sha256 ON file_models (sha256, user_id);

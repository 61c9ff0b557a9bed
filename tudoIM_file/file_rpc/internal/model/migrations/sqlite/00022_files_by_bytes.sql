-- +goose Up
CREATE INDEX idx_file_user_sha256 ON file_models (user_id, sha256);

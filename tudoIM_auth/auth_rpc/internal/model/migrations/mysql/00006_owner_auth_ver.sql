-- +goose Up
ALTER TABLE session_owner_models ADD COLUMN min_auth_ver BIGINT UNSIGNED NOT NULL DEFAULT 0;

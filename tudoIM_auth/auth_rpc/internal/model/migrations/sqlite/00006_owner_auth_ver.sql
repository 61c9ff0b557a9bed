-- +goose Up
ALTER TABLE session_owner_models ADD COLUMN min_auth_ver INTEGER NOT NULL DEFAULT 0;

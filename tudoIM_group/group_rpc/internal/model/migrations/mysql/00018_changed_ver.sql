-- +goose Up
ALTER TABLE group_msg_models ADD COLUMN changed_ver BIGINT UNSIGNED NOT NULL DEFAULT 0;

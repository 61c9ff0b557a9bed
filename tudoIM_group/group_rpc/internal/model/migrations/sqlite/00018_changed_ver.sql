-- +goose Up
ALTER TABLE group_msg_models ADD COLUMN changed_ver INTEGER NOT NULL DEFAULT 0;

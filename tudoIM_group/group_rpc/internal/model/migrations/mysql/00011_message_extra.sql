-- +goose Up
ALTER TABLE group_msg_models ADD COLUMN extra TEXT NULL AFTER status;

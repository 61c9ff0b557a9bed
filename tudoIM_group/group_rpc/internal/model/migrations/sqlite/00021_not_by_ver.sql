-- +goose Up
DROP INDEX IF EXISTS idx_group_msg_ver;

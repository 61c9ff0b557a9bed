-- +goose Up
DROP INDEX idx_group_msg_ver ON group_msg_models;

-- +goose Up
UPDATE group_msg_models SET changed_ver = ver WHERE changes > 0;

-- +goose Up
UPDATE chat_models SET changed_ver = ver WHERE changes > 0;

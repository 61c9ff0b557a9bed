-- +goose Up
DROP INDEX idx_chat_ver ON chat_models;

-- +goose Up
DROP INDEX IF EXISTS idx_chat_ver;

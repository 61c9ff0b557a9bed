-- +goose Up
ALTER TABLE chat_sender_models ADD COLUMN no_receipts BOOLEAN NOT NULL DEFAULT FALSE;

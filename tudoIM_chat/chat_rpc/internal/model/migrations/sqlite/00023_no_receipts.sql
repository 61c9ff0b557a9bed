-- +goose Up
ALTER TABLE chat_sender_models ADD COLUMN no_receipts INTEGER NOT NULL DEFAULT 0;

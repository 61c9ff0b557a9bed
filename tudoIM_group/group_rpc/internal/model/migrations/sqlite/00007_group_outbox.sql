-- +goose Up
CREATE TABLE IF NOT EXISTS group_outbox_models (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at  INTEGER NOT NULL,
    message_ids TEXT NOT NULL
);

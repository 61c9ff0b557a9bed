-- +goose Up
CREATE TABLE IF NOT EXISTS chat_audit_models (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at  INTEGER NOT NULL,
    operator_id INTEGER NOT NULL,
    act         TEXT NOT NULL,
    about       TEXT NOT NULL,
    refused     BOOLEAN NOT NULL
);

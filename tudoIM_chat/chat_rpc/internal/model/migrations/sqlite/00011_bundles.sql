-- +goose Up
CREATE TABLE IF NOT EXISTS chat_bundle_models (
    id       INTEGER NOT NULL PRIMARY KEY,
    messages TEXT NOT NULL
);

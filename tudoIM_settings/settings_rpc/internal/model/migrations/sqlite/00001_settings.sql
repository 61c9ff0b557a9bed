-- +goose Up
CREATE TABLE IF NOT EXISTS settings_models (
    name       TEXT NOT NULL PRIMARY KEY,
    value      TEXT NOT NULL,
    ver        INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

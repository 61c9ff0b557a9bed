-- +goose Up
CREATE TABLE IF NOT EXISTS group_bundle_models (
    id       INTEGER NOT NULL PRIMARY KEY,
    messages TEXT NOT NULL
);

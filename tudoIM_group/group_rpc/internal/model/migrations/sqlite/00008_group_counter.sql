-- +goose Up
CREATE TABLE IF NOT EXISTS group_counter_models (
    id   INTEGER NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
);
INSERT OR IGNORE INTO group_counter_models (id, next) VALUES (1, 1);

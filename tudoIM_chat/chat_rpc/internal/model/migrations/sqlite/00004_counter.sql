-- +goose Up
CREATE TABLE IF NOT EXISTS chat_counter_models (
    id   INTEGER NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
);
INSERT OR IGNORE INTO chat_counter_models (id, next) VALUES (1, 1);

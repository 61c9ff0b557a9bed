-- +goose Up
CREATE TABLE IF NOT EXISTS chat_file_bar_models (
    uid          TEXT NOT NULL PRIMARY KEY,
    barred_until INTEGER NOT NULL
) WITHOUT ROWID;

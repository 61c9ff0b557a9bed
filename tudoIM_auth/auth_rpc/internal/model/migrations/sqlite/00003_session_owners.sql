-- +goose Up
CREATE TABLE IF NOT EXISTS session_owner_models (
    user_id INTEGER NOT NULL PRIMARY KEY
);

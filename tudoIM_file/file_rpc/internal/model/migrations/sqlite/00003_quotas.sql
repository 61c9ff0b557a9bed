-- +goose Up
CREATE TABLE IF NOT EXISTS file_quota_models (
    user_id    INTEGER NOT NULL PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    files      INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

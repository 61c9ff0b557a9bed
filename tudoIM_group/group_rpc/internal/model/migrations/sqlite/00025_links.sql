-- +goose Up
CREATE TABLE IF NOT EXISTS group_link_models (
    code       TEXT NOT NULL PRIMARY KEY,
    group_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expire_at  INTEGER NOT NULL,
    max_uses   INTEGER NOT NULL DEFAULT 0,
    uses       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS idx_group_link ON group_link_models (group_id, expire_at);

-- +goose Up
CREATE TABLE IF NOT EXISTS group_notice_models (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id     INTEGER NOT NULL,
    user_id      INTEGER NOT NULL,
    content      TEXT NOT NULL,
    is_top       BOOLEAN NOT NULL DEFAULT FALSE,
    need_confirm BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_group_notice ON group_notice_models (group_id, is_top, id);

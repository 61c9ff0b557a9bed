-- +goose Up
CREATE TABLE IF NOT EXISTS group_verify_models (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    group_id            INTEGER NOT NULL,
    user_id             INTEGER NOT NULL,
    inviter_id          INTEGER NOT NULL DEFAULT 0,
    type                INTEGER NOT NULL,
    open_key            TEXT NULL,
    send_status         INTEGER NOT NULL DEFAULT 0,
    rev_status          INTEGER NOT NULL DEFAULT 0,
    additional_messages TEXT NOT NULL DEFAULT '',
    problem1            TEXT NOT NULL DEFAULT '',
    problem2            TEXT NOT NULL DEFAULT '',
    problem3            TEXT NOT NULL DEFAULT '',
    answer1             TEXT NOT NULL DEFAULT '',
    answer2             TEXT NOT NULL DEFAULT '',
    answer3             TEXT NOT NULL DEFAULT '',
    source              TEXT NOT NULL DEFAULT '',
    handler_id          INTEGER NOT NULL DEFAULT 0,
    handled_at          INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_group_verify_open ON group_verify_models (open_key);
CREATE INDEX IF NOT EXISTS idx_group_verify_user ON group_verify_models (user_id, created_at);
CREATE INDEX IF NOT EXISTS idx_group_verify_group ON group_verify_models (group_id, rev_status);

-- +goose Up
CREATE TABLE IF NOT EXISTS friend_verify_models (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    send_user_id        INTEGER NOT NULL,
    rev_user_id         INTEGER NOT NULL,
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
    send_notice         TEXT NOT NULL DEFAULT '',
    source              TEXT NOT NULL DEFAULT '',
    handled_at          INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_friend_verify_open ON friend_verify_models (open_key);
CREATE INDEX IF NOT EXISTS idx_friend_verify_send ON friend_verify_models (send_user_id, created_at);
CREATE INDEX IF NOT EXISTS idx_friend_verify_rev ON friend_verify_models (rev_user_id, rev_status);

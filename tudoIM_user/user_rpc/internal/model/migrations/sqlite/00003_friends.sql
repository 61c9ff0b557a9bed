-- +goose Up
CREATE TABLE IF NOT EXISTS friend_models (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    low_user_id   INTEGER NOT NULL,
    high_user_id  INTEGER NOT NULL,
    is_friend     INTEGER NOT NULL DEFAULT 0,
    low_notice    TEXT NOT NULL DEFAULT '',
    low_is_top    INTEGER NOT NULL DEFAULT 0,
    low_blocks    INTEGER NOT NULL DEFAULT 0,
    low_tries     INTEGER NOT NULL DEFAULT 0,
    low_tried_at  INTEGER NOT NULL DEFAULT 0,
    high_notice   TEXT NOT NULL DEFAULT '',
    high_is_top   INTEGER NOT NULL DEFAULT 0,
    high_blocks   INTEGER NOT NULL DEFAULT 0,
    high_tries    INTEGER NOT NULL DEFAULT 0,
    high_tried_at INTEGER NOT NULL DEFAULT 0,
    ver           INTEGER NOT NULL DEFAULT 0,
    deleted_at    INTEGER NOT NULL DEFAULT 0,
    rights_ver    INTEGER NOT NULL DEFAULT 0,
    rights_synced INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_friend_pair ON friend_models (low_user_id, high_user_id);
CREATE INDEX IF NOT EXISTS idx_friend_high ON friend_models (high_user_id, low_user_id);
CREATE INDEX IF NOT EXISTS idx_friend_rights ON friend_models (rights_synced, id);

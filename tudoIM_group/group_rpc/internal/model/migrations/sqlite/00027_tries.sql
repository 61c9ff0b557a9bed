-- +goose Up
CREATE TABLE IF NOT EXISTS group_try_models (
    group_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;

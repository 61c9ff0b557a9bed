-- +goose Up
CREATE TABLE IF NOT EXISTS group_member_models (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    group_id          INTEGER NOT NULL,
    user_id           INTEGER NOT NULL,
    inviter_id        INTEGER NOT NULL DEFAULT 0,
    role              INTEGER NOT NULL,
    member_nickname   TEXT NOT NULL DEFAULT '',
    prohibition_until INTEGER NOT NULL DEFAULT 0,
    join_seq          INTEGER NOT NULL DEFAULT 0,
    read_seq          INTEGER NOT NULL DEFAULT 0,
    is_top            BOOLEAN NOT NULL DEFAULT FALSE,
    is_muted          BOOLEAN NOT NULL DEFAULT FALSE,
    show_nick         BOOLEAN NOT NULL DEFAULT TRUE,
    saved             BOOLEAN NOT NULL DEFAULT FALSE,
    remark            TEXT NOT NULL DEFAULT '',
    ver               INTEGER NOT NULL DEFAULT 1,
    deleted_at        INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_group_member ON group_member_models (group_id, user_id);
CREATE INDEX IF NOT EXISTS idx_group_member_role ON group_member_models (group_id, role);
CREATE INDEX IF NOT EXISTS idx_group_member_user ON group_member_models (user_id, deleted_at);

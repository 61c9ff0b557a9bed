-- +goose Up
CREATE TABLE IF NOT EXISTS group_models (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    creator              INTEGER NOT NULL,
    title                TEXT NOT NULL,
    abstract             TEXT NOT NULL DEFAULT '',
    avatar               TEXT NOT NULL DEFAULT '',
    size                 INTEGER NOT NULL,
    member_count         INTEGER NOT NULL,
    is_search            INTEGER NOT NULL DEFAULT 0,
    verification         INTEGER NOT NULL DEFAULT 2,
    problem1             TEXT NOT NULL DEFAULT '',
    problem2             TEXT NOT NULL DEFAULT '',
    problem3             TEXT NOT NULL DEFAULT '',
    answer1              TEXT NOT NULL DEFAULT '',
    answer2              TEXT NOT NULL DEFAULT '',
    answer3              TEXT NOT NULL DEFAULT '',
    is_invite            INTEGER NOT NULL DEFAULT 1,
    is_temporary_session INTEGER NOT NULL DEFAULT 0,
    is_prohibition       INTEGER NOT NULL DEFAULT 0,
    prohibition_until    INTEGER NOT NULL DEFAULT 0,
    history_visible      INTEGER NOT NULL DEFAULT 0,
    status               INTEGER NOT NULL DEFAULT 0,
    ver                  INTEGER NOT NULL DEFAULT 1,
    deleted_at           INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS idx_group_creator ON group_models (creator, deleted_at);

-- +goose Up
CREATE TABLE IF NOT EXISTS user_conf_models (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    user_id               INTEGER NOT NULL,
    recall_message        TEXT NOT NULL DEFAULT '',
    friend_online         INTEGER NOT NULL DEFAULT 1,
    sound                 INTEGER NOT NULL DEFAULT 1,
    secure_link           INTEGER NOT NULL DEFAULT 0,
    save_pwd              INTEGER NOT NULL DEFAULT 0,
    search_user           INTEGER NOT NULL DEFAULT 2,
    verification          INTEGER NOT NULL DEFAULT 2,
    problem1              TEXT NOT NULL DEFAULT '',
    problem2              TEXT NOT NULL DEFAULT '',
    problem3              TEXT NOT NULL DEFAULT '',
    answer1               TEXT NOT NULL DEFAULT '',
    answer2               TEXT NOT NULL DEFAULT '',
    answer3               TEXT NOT NULL DEFAULT '',
    show_online           INTEGER NOT NULL DEFAULT 1,
    read_receipt          INTEGER NOT NULL DEFAULT 1,
    language              TEXT NOT NULL DEFAULT '',
    curtail_chat          INTEGER NOT NULL DEFAULT 0,
    curtail_add_user      INTEGER NOT NULL DEFAULT 0,
    curtail_create_group  INTEGER NOT NULL DEFAULT 0,
    curtail_in_group_chat INTEGER NOT NULL DEFAULT 0,
    curtail_until         INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS uk_user_conf_user ON user_conf_models (user_id);

-- +goose Up
CREATE TABLE IF NOT EXISTS group_notice_confirm_models (
    notice_id  INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (notice_id, user_id)
) WITHOUT ROWID;

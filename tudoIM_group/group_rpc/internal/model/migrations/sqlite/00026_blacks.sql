-- +goose Up
CREATE TABLE IF NOT EXISTS group_black_models (
    group_id    INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    operator_id INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;

-- +goose Up
CREATE TABLE IF NOT EXISTS top_user_models (
    user_id     INTEGER NOT NULL,
    top_user_id INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (user_id, top_user_id)
) WITHOUT ROWID;

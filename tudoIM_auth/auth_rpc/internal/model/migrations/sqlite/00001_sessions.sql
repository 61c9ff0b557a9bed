-- +goose Up
CREATE TABLE IF NOT EXISTS session_models (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    role            INTEGER NOT NULL,
    device_id       TEXT NOT NULL,
    platform        TEXT NOT NULL,
    device_name     TEXT NOT NULL,
    ip              TEXT NOT NULL,
    generation      INTEGER NOT NULL,
    refresh_hash    TEXT NOT NULL,
    refresh_ends_at INTEGER NOT NULL,
    last_active_at  INTEGER NOT NULL,
    revoked_at      INTEGER NOT NULL DEFAULT 0,
    revoke_reason   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS idx_session_user ON session_models (user_id, revoked_at);

-- +goose Up
CREATE TABLE IF NOT EXISTS audit_models (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    operator_id INTEGER NOT NULL,
    act         TEXT NOT NULL,
    target_id   INTEGER NOT NULL DEFAULT 0,
    about       TEXT NOT NULL DEFAULT '',
    ip          TEXT NOT NULL DEFAULT '',
    code        INTEGER NOT NULL DEFAULT 0,
    times       INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS idx_audit_operator ON audit_models (operator_id, act, id);
CREATE INDEX IF NOT EXISTS idx_audit_target ON audit_models (target_id, id);
CREATE INDEX IF NOT EXISTS idx_audit_act ON audit_models (act, id);

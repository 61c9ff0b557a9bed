-- +goose Up
CREATE INDEX IF NOT EXISTS idx_group_avatar ON group_models (avatar);

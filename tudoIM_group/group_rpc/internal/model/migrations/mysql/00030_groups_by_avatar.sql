-- +goose Up
CREATE INDEX idx_group_avatar ON group_models (avatar);

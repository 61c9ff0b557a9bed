-- +goose Up
ALTER TABLE group_member_models ADD COLUMN at_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_member_models ADD COLUMN clear_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_member_models ADD COLUMN hidden_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_member_models ADD COLUMN mark_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_member_models ADD COLUMN draft TEXT NOT NULL DEFAULT '';
ALTER TABLE group_member_models ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_member_models ADD COLUMN last_msg_at INTEGER NOT NULL DEFAULT 0;

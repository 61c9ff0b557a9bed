-- +goose Up
ALTER TABLE user_models
    ADD COLUMN sender_ver   BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN chat_synced  BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN group_synced BOOLEAN NOT NULL DEFAULT TRUE,
    ADD KEY idx_user_chat_synced (chat_synced, id),
    ADD KEY idx_user_group_synced (group_synced, id);

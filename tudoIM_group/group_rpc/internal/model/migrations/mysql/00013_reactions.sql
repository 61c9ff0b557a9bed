-- +goose Up
CREATE TABLE IF NOT EXISTS group_reaction_models (
    message_id BIGINT UNSIGNED NOT NULL,
    emoji      VARBINARY(64) NOT NULL,
    user_id    BIGINT UNSIGNED NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

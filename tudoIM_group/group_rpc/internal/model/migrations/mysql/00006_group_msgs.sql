-- +goose Up
CREATE TABLE IF NOT EXISTS group_msg_models (
    conversation_id BIGINT UNSIGNED NOT NULL,
    seq             BIGINT UNSIGNED NOT NULL,
    id              BIGINT UNSIGNED NOT NULL,
    ver             BIGINT UNSIGNED NOT NULL,
    send_user_id    BIGINT UNSIGNED NOT NULL,
    group_id        BIGINT UNSIGNED NOT NULL,
    client_msg_id   VARBINARY(64) NOT NULL,
    msg_type        SMALLINT NOT NULL,
    msg             MEDIUMTEXT NOT NULL,
    msg_preview     VARCHAR(255) NOT NULL,
    status          TINYINT NOT NULL DEFAULT 0,
    changes         INT NOT NULL DEFAULT 0,
    edited_at       BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE KEY uk_group_msg_id (id),
    UNIQUE KEY uk_group_msg_client (conversation_id, send_user_id, client_msg_id),
    KEY idx_group_msg_ver (conversation_id, ver)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

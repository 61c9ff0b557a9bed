-- +goose Up
CREATE TABLE IF NOT EXISTS audit_models (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    operator_id BIGINT UNSIGNED NOT NULL,
    act         VARBINARY(32) NOT NULL,
    target_id   BIGINT UNSIGNED NOT NULL DEFAULT 0,
    about       VARCHAR(1000) NOT NULL DEFAULT '',
    ip          VARBINARY(45) NOT NULL DEFAULT '',
    code        INT NOT NULL DEFAULT 0,
    times       INT NOT NULL DEFAULT 1,
    KEY idx_audit_operator (operator_id, act, id),
    KEY idx_audit_target (target_id, id),
    KEY idx_audit_act (act, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

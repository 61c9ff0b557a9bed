-- +goose Up
CREATE TABLE IF NOT EXISTS group_counter_models (
    id   INT NOT NULL PRIMARY KEY,
    next BIGINT UNSIGNED NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
INSERT IGNORE INTO group_counter_models (id, next) VALUES (1, 1);

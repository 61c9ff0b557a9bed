-- +goose Up
DROP TABLE IF EXISTS chat_audit_models;

-- +goose Up
ALTER TABLE user_conversation_models DROP COLUMN ver;

-- +goose Up
-- chat_rpc was not told of blocks between two who are not friends: the sweep does.
UPDATE friend_models SET rights_ver = rights_ver + 1, rights_synced = FALSE
    WHERE is_friend = FALSE AND (low_blocks = TRUE OR high_blocks = TRUE) AND rights_synced = TRUE;

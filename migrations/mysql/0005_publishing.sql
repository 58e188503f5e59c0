-- Whoever hands commands to the broker finds those that it does not have, whatever their kind.
-- No partial index here: the columns that tell come first.

CREATE INDEX idx_commands_unpublished ON commands (status, published_at, due_at);

-- How often in a row a worker took the command and never came back with it.
ALTER TABLE commands ADD COLUMN abandoned int NOT NULL DEFAULT 0;

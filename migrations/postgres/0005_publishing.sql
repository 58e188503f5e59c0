-- Whoever hands commands to the broker finds those that it does not have, whatever their kind.

CREATE INDEX idx_commands_unpublished ON commands (due_at) WHERE status = 'CREATED' AND published_at IS NULL;

-- How often in a row a worker took the command and never came back with it.
ALTER TABLE commands ADD COLUMN abandoned integer NOT NULL DEFAULT 0;

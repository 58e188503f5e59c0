-- Operators look at commands that were given up, and hand them out again or put them away.

-- When it was handed out again last: its age counts from then.
ALTER TABLE commands ADD COLUMN redriven_at TEXT DEFAULT NULL;

-- When an operator put it away for good; the row stays as long as its verification.
ALTER TABLE commands ADD COLUMN dropped_at TEXT DEFAULT NULL;

CREATE INDEX idx_commands_dead ON commands (command_id) WHERE status = 'ERROR' AND dropped_at IS NULL;

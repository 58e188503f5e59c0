-- Rotation of the keys that seal at rest: what is known of each key, which nodes have it, and how far sealing again has
-- come. No key stands here, only names.

CREATE TABLE keyring_keys (
  key_name TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,                 -- when it was made, or first seen
  sealing_since TEXT DEFAULT NULL,          -- when it was last made the one that seals
  retired_at TEXT DEFAULT NULL
) WITHOUT ROWID;

-- A key may seal only when every node that shares the database can open what it sealed.
CREATE TABLE keyring_nodes (
  node_id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  sealing_key TEXT NOT NULL,
  key_names TEXT NOT NULL,                  -- comma-separated, the sealing one first
  seals_since TEXT NOT NULL,                -- since when it seals with that key
  announced_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE keyring_resealing (
  key_name TEXT PRIMARY KEY,                -- what values are sealed with
  pass INTEGER NOT NULL,                    -- all tables are gone through again and again until nothing is found
  pass_is_settled INTEGER NOT NULL,         -- every node sealed with the key before the pass began
  table_name TEXT NOT NULL,                 -- where the pass has come to
  after_id INTEGER NOT NULL,
  found INTEGER NOT NULL,                   -- values sealed again in this pass
  unreadable INTEGER NOT NULL,              -- values of this pass that do not open, and were left as they are
  resealed INTEGER NOT NULL,                -- values sealed again in all passes
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT DEFAULT NULL
) WITHOUT ROWID;

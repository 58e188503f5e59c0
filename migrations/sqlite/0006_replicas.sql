-- What the processes over one database tell each other: who is there, and which destinations are left alone.
-- A file has one process at a time; the tables are here so that every database has the same.

CREATE TABLE replicas (
  part TEXT NOT NULL,                       -- the service
  node_id TEXT NOT NULL,
  joined_at TEXT NOT NULL,                  -- newcomers come last
  place INTEGER NOT NULL,                   -- which of the equal parts of each limit it takes at the most, from 0
  places INTEGER NOT NULL,                  -- of how many; 0: it takes none
  seen_at TEXT NOT NULL,
  PRIMARY KEY (part, node_id)
) WITHOUT ROWID;

CREATE TABLE open_breakers (
  destination TEXT PRIMARY KEY,
  failed_probes INTEGER NOT NULL,           -- since calls were last let through
  open_until TEXT NOT NULL,
  probe_until TEXT NOT NULL,                -- until then one process sees whether the destination works again
  probed_by TEXT DEFAULT NULL
) WITHOUT ROWID;

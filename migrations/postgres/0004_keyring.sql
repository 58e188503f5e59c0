-- Rotation of the keys that seal at rest: what is known of each key, which nodes have it, and how far sealing again has
-- come. No key stands here, only names.

CREATE TABLE keyring_keys (
  key_name varchar(32) COLLATE "C" PRIMARY KEY,
  created_at timestamp(3) NOT NULL, -- when it was made, or first seen
  sealing_since timestamp(3) DEFAULT NULL, -- when it was last made the one that seals
  retired_at timestamp(3) DEFAULT NULL
);

-- A key may seal only when every node that shares the database can open what it sealed.
CREATE TABLE keyring_nodes (
  node_id varchar(128) COLLATE "C" PRIMARY KEY,
  host varchar(128) COLLATE "C" NOT NULL,
  sealing_key varchar(32) COLLATE "C" NOT NULL,
  key_names text NOT NULL, -- comma-separated, the sealing one first
  seals_since timestamp(3) NOT NULL, -- since when it seals with that key
  announced_at timestamp(3) NOT NULL
);

CREATE TABLE keyring_resealing (
  key_name varchar(32) COLLATE "C" PRIMARY KEY, -- what values are sealed with
  pass integer NOT NULL, -- all tables are gone through again and again until nothing is found
  pass_is_settled boolean NOT NULL, -- every node sealed with the key before the pass began
  table_name varchar(64) COLLATE "C" NOT NULL, -- where the pass has come to
  after_id bigint NOT NULL,
  found bigint NOT NULL, -- values sealed again in this pass
  unreadable bigint NOT NULL, -- values of this pass that do not open, and were left as they are
  resealed bigint NOT NULL, -- values sealed again in all passes
  started_at timestamp(3) NOT NULL,
  updated_at timestamp(3) NOT NULL,
  finished_at timestamp(3) DEFAULT NULL
);

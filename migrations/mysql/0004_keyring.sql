-- Rotation of the keys that seal at rest: what is known of each key, which nodes have it, and how far sealing again has
-- come. No key stands here, only names.
-- {collation}: see the first step.

CREATE TABLE keyring_keys (
  key_name varchar(32) NOT NULL,
  created_at datetime(3) NOT NULL COMMENT 'When it was made, or first seen',
  sealing_since datetime(3) DEFAULT NULL COMMENT 'When it was last made the one that seals',
  retired_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (key_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- A key may seal only when every node that shares the database can open what it sealed.
CREATE TABLE keyring_nodes (
  node_id varchar(128) NOT NULL,
  host varchar(128) NOT NULL,
  sealing_key varchar(32) NOT NULL,
  key_names mediumtext NOT NULL COMMENT 'Comma-separated, the sealing one first',
  seals_since datetime(3) NOT NULL COMMENT 'Since when it seals with that key',
  announced_at datetime(3) NOT NULL,
  PRIMARY KEY (node_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE keyring_resealing (
  key_name varchar(32) NOT NULL COMMENT 'What values are sealed with',
  pass int NOT NULL COMMENT 'All tables are gone through again and again until nothing is found',
  pass_is_settled tinyint(1) NOT NULL COMMENT 'Every node sealed with the key before the pass began',
  table_name varchar(64) NOT NULL COMMENT 'Where the pass has come to',
  after_id bigint NOT NULL,
  found bigint NOT NULL COMMENT 'Values sealed again in this pass',
  unreadable bigint NOT NULL COMMENT 'Values of this pass that do not open, and were left as they are',
  resealed bigint NOT NULL COMMENT 'Values sealed again in all passes',
  started_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  finished_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (key_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

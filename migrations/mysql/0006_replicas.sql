-- What the processes over one database tell each other: who is there, and which destinations are left alone.
-- {collation}: see the first step.

CREATE TABLE replicas (
  part varchar(32) NOT NULL COMMENT 'The service',
  node_id varchar(128) NOT NULL,
  joined_at datetime(3) NOT NULL COMMENT 'Newcomers come last',
  place int NOT NULL COMMENT 'Which of the equal parts of each limit it takes at the most, from 0',
  places int NOT NULL COMMENT 'Of how many; 0: it takes none',
  seen_at datetime(3) NOT NULL,
  PRIMARY KEY (part, node_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE open_breakers (
  destination varchar(128) NOT NULL,
  failed_probes int NOT NULL COMMENT 'Since calls were last let through',
  open_until datetime(3) NOT NULL,
  probe_until datetime(3) NOT NULL COMMENT 'Until then one process sees whether the destination works again',
  probed_by varchar(128) DEFAULT NULL,
  PRIMARY KEY (destination)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

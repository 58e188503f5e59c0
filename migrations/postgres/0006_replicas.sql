-- What the processes over one database tell each other: who is there, and which destinations are left alone.

CREATE TABLE replicas (
  part varchar(32) COLLATE "C" NOT NULL, -- the service
  node_id varchar(128) COLLATE "C" NOT NULL,
  joined_at timestamp(3) NOT NULL, -- newcomers come last
  place integer NOT NULL, -- which of the equal parts of each limit it takes at the most, from 0
  places integer NOT NULL, -- of how many; 0: it takes none
  seen_at timestamp(3) NOT NULL,
  PRIMARY KEY (part, node_id)
);

CREATE TABLE open_breakers (
  destination varchar(128) COLLATE "C" PRIMARY KEY,
  failed_probes integer NOT NULL, -- since calls were last let through
  open_until timestamp(3) NOT NULL,
  probe_until timestamp(3) NOT NULL, -- until then one process sees whether the destination works again
  probed_by varchar(128) COLLATE "C" DEFAULT NULL
);

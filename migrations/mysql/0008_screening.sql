-- Risk assessment: the four optional tables of the enclave interface, the cases of World-Check, and the limits of vendors.
-- Differences from the published definition, besides those of the first step:
--   * No time has a default: they are the node's. created_at and updated_at are never NULL.
--   * What is asked of World-Check and what it says is sealed, and so has no fixed length.
--   * A list is in the order of time, and of request ids where times are equal: the indexes it goes by end with both.
--     The published ones by worker are left out: nobody asks by them, and whoever takes a row up would change them.
--   * due_at says when a row is worked on next; whoever works on it moves it to the end of the lease, so that a worker that
--     dies loses nothing.
-- {collation}: see the first step.

-- What sanctions lists said of addresses.
CREATE TABLE chainalysis_sanction_results (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  request_id varchar(40) NOT NULL,
  verification_uuid varchar(40) NOT NULL,
  counterparty_vasp_id bigint unsigned NOT NULL,
  direction enum('OUTGOING', 'INCOMING') NOT NULL,
  address varchar(512) NOT NULL,
  status enum('NOHIT', 'SANCTION', 'CLOSED', 'ERROR') NOT NULL,
  ofac_name varchar(1024) DEFAULT NULL,
  ofac_description varchar(4096) DEFAULT NULL,
  ofac_url varchar(1024) DEFAULT NULL,
  created_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  -- what every risk assessment says of itself
  reason varchar(64) DEFAULT NULL COMMENT 'Why it is ERROR, a code',
  key_id varchar(16) DEFAULT NULL COMMENT 'Names the key that was used; tells nothing of it',
  origin enum('API', 'AUTOMATIC') NOT NULL,
  shares_request varchar(40) DEFAULT NULL COMMENT 'The request whose answer of the vendor this one repeats',
  PRIMARY KEY (id),
  UNIQUE KEY uniq_request_id (request_id),
  INDEX idx_counterparty_vasp_id (counterparty_vasp_id, created_at, request_id),
  INDEX idx_address (address, created_at),
  INDEX idx_status_created_at (status, created_at, request_id),
  INDEX idx_created_at (created_at, request_id),
  INDEX idx_verification_uuid (verification_uuid, created_at, request_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- What Chainalysis KYT was asked, and said.
CREATE TABLE chainalysis_kyt_results (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  request_id varchar(40) NOT NULL,
  verification_uuid varchar(40) NOT NULL,
  counterparty_vasp_id bigint unsigned NOT NULL,
  api_type enum('TRANSFER', 'ATTEMPT') NOT NULL,
  user_id varchar(128) NOT NULL,
  direction enum('OUTGOING', 'INCOMING') NOT NULL,
  network varchar(128) DEFAULT NULL,
  asset varchar(16) NOT NULL,
  amount varchar(128) NOT NULL,
  usd_price varchar(128) DEFAULT NULL,
  transfer_ref varchar(1024) DEFAULT NULL,
  output_address varchar(512) DEFAULT NULL,
  timestamp datetime(3) DEFAULT NULL,
  external_id varchar(128) DEFAULT NULL,
  status enum('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED') NOT NULL,
  worker_id varchar(128) DEFAULT NULL,
  last_checked_at datetime(3) DEFAULT NULL,
  alert_count int DEFAULT NULL,
  created_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  assessed_at datetime(3) DEFAULT NULL,
  -- what a worker needs, and what every risk assessment says of itself
  address varchar(512) NOT NULL COMMENT 'The address that was asked about, as the verification has it',
  due_at datetime(3) DEFAULT NULL COMMENT 'When it is to be worked on next; NULL: never',
  attempts int NOT NULL DEFAULT 0 COMMENT 'How often it was worked on since something changed',
  failing_since datetime(3) DEFAULT NULL COMMENT 'Since when the vendor gives no answer',
  registered_at datetime(3) DEFAULT NULL COMMENT 'When the vendor took it on',
  late_checks int NOT NULL DEFAULT 0 COMMENT 'Looks for further alerts that were made',
  reason varchar(64) DEFAULT NULL COMMENT 'Why it is ERROR, a code',
  key_id varchar(16) DEFAULT NULL COMMENT 'Names the key that was used; tells nothing of it',
  origin enum('API', 'AUTOMATIC') NOT NULL,
  shares_request varchar(40) DEFAULT NULL COMMENT 'The request whose registration with the vendor this one uses',
  traceparent varchar(64) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uniq_request_id (request_id),
  INDEX idx_external_id (external_id),
  INDEX idx_counterparty_vasp_id (counterparty_vasp_id, created_at, request_id),
  INDEX idx_direction (direction, created_at, request_id),
  INDEX idx_status_created_at (status, created_at, request_id),
  INDEX idx_created_at (created_at, request_id),
  INDEX idx_verification_uuid (verification_uuid, created_at, request_id),
  INDEX idx_due_at (due_at),
  INDEX idx_address (address, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- Alerts of Chainalysis KYT.
CREATE TABLE chainalysis_kyt_alerts (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  external_id varchar(128) NOT NULL,
  alert_id varchar(128) NOT NULL,
  alert_level enum('LOW', 'MEDIUM', 'HIGH', 'SEVERE') NOT NULL,
  entity_category varchar(256) DEFAULT NULL,
  service_name varchar(256) DEFAULT NULL,
  exposure_type enum('DIRECT', 'INDIRECT') NOT NULL,
  alert_amount varchar(128) NOT NULL,
  created_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uniq_alert_id (alert_id),
  INDEX idx_external_id (external_id),
  INDEX idx_alert_level (alert_level),
  INDEX idx_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- Under which of the vendor's ids an alert was seen: it can be one alert of several registrations, and each reports it.
CREATE TABLE kyt_alert_sightings (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  external_id varchar(128) NOT NULL,
  alert_id varchar(128) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uk_kyt_alert_sightings (external_id, alert_id),
  INDEX idx_kyt_alert_sightings_alert_id (alert_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- What World-Check One was asked, and said, over all persons of a request.
CREATE TABLE refinitiv_wco_results (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  request_id varchar(40) NOT NULL,
  verification_uuid varchar(40) NOT NULL,
  counterparty_vasp_id bigint unsigned NOT NULL,
  direction enum('OUTGOING', 'INCOMING') NOT NULL,
  case_system_id varchar(128) NOT NULL COMMENT 'Of the case with the strongest match; empty until the vendor has named one',
  aggregated_result_summaries mediumtext DEFAULT NULL COMMENT 'Sealed: it names people',
  worker_id varchar(128) DEFAULT NULL,
  status enum('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED') NOT NULL,
  last_checked_at datetime(3) DEFAULT NULL,
  created_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  assessed_at datetime(3) DEFAULT NULL,
  -- what a worker needs, and what every risk assessment says of itself
  due_at datetime(3) DEFAULT NULL COMMENT 'When it is to be worked on next; NULL: never',
  attempts int NOT NULL DEFAULT 0 COMMENT 'How often it was worked on since something changed',
  failing_since datetime(3) DEFAULT NULL COMMENT 'Since when the vendor gives no answer',
  registered_at datetime(3) DEFAULT NULL COMMENT 'When the vendor had taken all cases on',
  match_strength enum('WEAK', 'MEDIUM', 'STRONG', 'EXACT') DEFAULT NULL COMMENT 'The strongest',
  total_matches int DEFAULT NULL,
  reason varchar(64) DEFAULT NULL COMMENT 'Why it is ERROR, a code',
  key_id varchar(16) DEFAULT NULL COMMENT 'Names the key that was used; tells nothing of it',
  origin enum('API', 'AUTOMATIC') NOT NULL,
  traceparent varchar(64) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uniq_request_id (request_id),
  INDEX idx_counterparty_vasp_id (counterparty_vasp_id, created_at, request_id),
  INDEX idx_direction (direction, created_at, request_id),
  INDEX idx_status_created_at (status, created_at, request_id),
  INDEX idx_created_at (created_at, request_id),
  INDEX idx_verification_uuid (verification_uuid, created_at, request_id),
  INDEX idx_due_at (due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- One case of World-Check for each person of a request.
CREATE TABLE refinitiv_wco_cases (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  request_id varchar(40) NOT NULL,
  person int NOT NULL COMMENT 'From 0',
  case_id varchar(128) NOT NULL COMMENT 'Our name for it, known before the vendor is asked',
  case_system_id varchar(128) DEFAULT NULL COMMENT 'The vendor''s',
  entity_type enum('INDIVIDUAL', 'ORGANISATION') NOT NULL,
  subject_fingerprint varchar(128) NOT NULL COMMENT 'Keyed digest of what is asked: equal persons share a case',
  asked mediumtext NOT NULL COMMENT 'Sealed: name and secondary fields',
  status enum('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED') NOT NULL,
  screening_requested_at datetime(3) DEFAULT NULL COMMENT 'By the vendor''s clock',
  match_strength enum('WEAK', 'MEDIUM', 'STRONG', 'EXACT') DEFAULT NULL,
  total_matches int DEFAULT NULL,
  aggregated_result_summaries mediumtext DEFAULT NULL COMMENT 'Sealed: it names people',
  shares_case varchar(128) DEFAULT NULL COMMENT 'The case of ours whose case of the vendor''s this one uses',
  reason varchar(64) DEFAULT NULL COMMENT 'Why it is ERROR, a code',
  assessed_at datetime(3) DEFAULT NULL,
  created_at datetime(3) NOT NULL,
  updated_at datetime(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uniq_case_id (case_id),
  UNIQUE KEY uniq_request_person (request_id, person),
  INDEX idx_subject (subject_fingerprint, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- Limits that vendors set to a credential. All processes take their turns here, so that a restart forgets nothing.
CREATE TABLE vendor_limits (
  name varchar(128) NOT NULL COMMENT 'Vendor, kind of request, and name of the key',
  next_slot_us bigint NOT NULL COMMENT 'When the next turn is, microseconds since 1970',
  paused_until datetime(3) DEFAULT NULL COMMENT 'The vendor asked everybody to wait until then',
  pauses int NOT NULL DEFAULT 0 COMMENT 'In a row, for the back-off where the vendor names no time',
  updated_at datetime(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

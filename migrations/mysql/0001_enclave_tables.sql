-- The four required tables of the enclave interface. Differences from the published definition:
--   * utf8mb4: utf8 of MySQL has three bytes and refuses a part of the characters that people's names have.
--   * All text compares byte by byte, trailing spaces included, which addresses, hashes and key identifiers need.
--     {collation} is utf8mb4_0900_bin on MySQL and utf8mb4_nopad_bin on MariaDB; neither knows the other's name.
--   * All times have milliseconds and are UTC. They are the node's, so none has a default, which would be the server's.
--   * Sealed columns are mediumtext: a ciphertext in text form is a third longer than what it seals.
--   * tx_hash is wider, and has a second form by which it is found.
--   * Private keys are in no index.
-- Where SQLite and PostgreSQL have partial indexes, the state is the first column here: what is finished is not read.

CREATE TABLE verifications (
  verification_id bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'Verification ID',
  verification_uuid varchar(40) NOT NULL COMMENT 'Verification UUID',
  result enum('WAIT', 'VERIFIED', 'UNKNOWN', 'DENIED', 'ERROR', 'PENDING', 'TRANSFER_ERROR') NOT NULL DEFAULT 'WAIT',
  reason varchar(256) DEFAULT NULL,
  message mediumtext DEFAULT NULL COMMENT 'Sealed: free text of backends can name people',
  network varchar(128) DEFAULT NULL,
  symbol varchar(16) DEFAULT NULL,
  amount varchar(128) DEFAULT NULL,
  trade_price varchar(128) DEFAULT NULL,
  trade_currency varchar(128) DEFAULT NULL,
  trade_iso_datetime datetime(3) DEFAULT NULL,
  is_exceeding_threshold tinyint(1) NOT NULL DEFAULT 1,
  tx_hash varchar(512) DEFAULT NULL COMMENT 'As reported',
  tx_hash_search varchar(512) DEFAULT NULL COMMENT 'Lower case without 0x',
  vout varchar(128) DEFAULT NULL,
  originating_vasp_id bigint unsigned DEFAULT NULL,
  originator_account_number varchar(256) DEFAULT NULL,
  ivms101_originator mediumtext DEFAULT NULL COMMENT 'Sealed',
  ivms101_originating_vasp mediumtext DEFAULT NULL COMMENT 'Sealed',
  beneficiary_vasp_id bigint unsigned DEFAULT NULL,
  beneficiary_account_number varchar(256) DEFAULT NULL,
  ivms101_beneficiary mediumtext DEFAULT NULL COMMENT 'Sealed',
  ivms101_beneficiary_vasp mediumtext DEFAULT NULL COMMENT 'Sealed',
  verified_at datetime(3) DEFAULT NULL,
  ordered_at datetime(3) DEFAULT NULL,
  created_at datetime(3) NOT NULL,
  -- what a retry needs, so that commands carry ids only
  key_type enum('PerVasp', 'PerAddress', 'PerVerification') NOT NULL,
  payload_version varchar(64) NOT NULL,
  required_beneficiary_info varchar(1024) NOT NULL,
  expires_at datetime(3) NOT NULL,
  error_reported_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (verification_id),
  UNIQUE KEY uk_verifications_verification_uuid (verification_uuid),
  -- With the time, unlike the published ones: a list is in that order, and an account can have a million rows.
  INDEX idx_verifications_originator_account (originator_account_number, created_at),
  INDEX idx_verifications_beneficiary_account (beneficiary_account_number, created_at),
  INDEX idx_verifications_tx_hash_search (tx_hash_search),
  -- Holds what a list is filtered by, so that rows, which are large, are only read when they will be shown.
  INDEX idx_verifications_created_at
    (created_at, verification_id, result, symbol, network, originating_vasp_id, beneficiary_vasp_id),
  INDEX idx_verifications_originating_vasp (originating_vasp_id, created_at),
  INDEX idx_verifications_beneficiary_vasp (beneficiary_vasp_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE counter_party_keys (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  type enum('PerVasp', 'PerAddress', 'PerVerification') NOT NULL,
  vasp_id bigint unsigned NOT NULL,
  key_identifier varchar(256) NOT NULL,
  public_key varchar(256) NOT NULL,
  created_at datetime(3) NOT NULL,
  key_id varchar(256) NOT NULL COMMENT 'The name by which the counterparty knows its key',
  expires_at datetime(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY key_uniqueness (vasp_id, key_identifier, type)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE own_keys (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  type enum('PerVasp', 'PerAddress', 'PerVerification') NOT NULL,
  -- wider than published: a retired key has its key id appended, which frees the name
  key_identifier varchar(600) NOT NULL,
  public_key varchar(256) NOT NULL,
  private_key varchar(1024) NOT NULL COMMENT 'Sealed, and in no index',
  created_at datetime(3) NOT NULL,
  key_id varchar(256) NOT NULL,
  retired_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY key_uniqueness (key_identifier, type),
  UNIQUE KEY uk_own_keys_key_id (key_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE commands (
  command_id bigint unsigned NOT NULL,
  command_type varchar(32) NOT NULL,
  command_body text NOT NULL COMMENT 'Ids only, never personal data',
  status enum('CREATED', 'PROCESSING', 'DONE', 'ERROR') NOT NULL DEFAULT 'CREATED',
  created_at datetime(3) NOT NULL,
  fetched_at datetime(3) DEFAULT NULL,
  finished_at datetime(3) DEFAULT NULL,
  due_at datetime(3) NOT NULL,
  published_at datetime(3) DEFAULT NULL,
  lease_token varchar(128) DEFAULT NULL,
  lease_until datetime(3) DEFAULT NULL,
  attempts int NOT NULL DEFAULT 0,
  group_key varchar(128) DEFAULT NULL,
  holds_until datetime(3) DEFAULT NULL COMMENT 'Until then, later commands of the group wait for this one',
  traceparent varchar(256) DEFAULT NULL,
  last_error text DEFAULT NULL,
  PRIMARY KEY (command_id),
  INDEX status_finished_at (status, finished_at),
  INDEX idx_commands_due (status, command_type, due_at),
  INDEX idx_commands_lease (status, lease_until),
  INDEX idx_commands_group (group_key, command_type, command_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

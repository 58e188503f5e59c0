-- The four required tables of the enclave interface. Differences from the published MySQL definition:
--   * VASP ids are text: they are unsigned 64 bits and SQLite's integers are signed.
--   * Times are text, 'YYYY-MM-DD HH:MM:SS.mmm' in UTC, the form of SQLite's own functions; sorts by time.
--   * Enums are text with a CHECK.
--   * Text compares byte by byte (SQLite's default), which addresses and hashes need.

CREATE TABLE verifications (
  verification_id INTEGER PRIMARY KEY AUTOINCREMENT,
  verification_uuid TEXT NOT NULL,
  result TEXT NOT NULL DEFAULT 'WAIT'
    CHECK (result IN ('WAIT', 'VERIFIED', 'UNKNOWN', 'DENIED', 'ERROR', 'PENDING', 'TRANSFER_ERROR')),
  reason TEXT DEFAULT NULL,
  message TEXT DEFAULT NULL,                -- sealed: free text of backends can name people
  network TEXT DEFAULT NULL,
  symbol TEXT DEFAULT NULL,
  amount TEXT DEFAULT NULL,
  trade_price TEXT DEFAULT NULL,
  trade_currency TEXT DEFAULT NULL,
  trade_iso_datetime TEXT DEFAULT NULL,
  is_exceeding_threshold INTEGER NOT NULL DEFAULT 1,
  tx_hash TEXT DEFAULT NULL,                -- as reported
  tx_hash_search TEXT DEFAULT NULL,         -- lower case without 0x: hashes are found however they are spelled
  vout TEXT DEFAULT NULL,
  originating_vasp_id TEXT DEFAULT NULL,
  originator_account_number TEXT DEFAULT NULL,
  ivms101_originator TEXT DEFAULT NULL,     -- sealed
  ivms101_originating_vasp TEXT DEFAULT NULL, -- sealed
  beneficiary_vasp_id TEXT DEFAULT NULL,
  beneficiary_account_number TEXT DEFAULT NULL,
  ivms101_beneficiary TEXT DEFAULT NULL,    -- sealed
  ivms101_beneficiary_vasp TEXT DEFAULT NULL, -- sealed
  verified_at TEXT DEFAULT NULL,
  ordered_at TEXT DEFAULT NULL,
  created_at TEXT NOT NULL,
  -- what a retry needs, so that commands carry ids only
  key_type TEXT NOT NULL,
  payload_version TEXT NOT NULL,
  required_beneficiary_info TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  error_reported_at TEXT DEFAULT NULL
);
CREATE UNIQUE INDEX uk_verifications_verification_uuid ON verifications (verification_uuid);
-- With the time, unlike the published ones: a list is in that order, and an account can have a million rows.
CREATE INDEX idx_verifications_originator_account ON verifications (originator_account_number, created_at);
CREATE INDEX idx_verifications_beneficiary_account ON verifications (beneficiary_account_number, created_at);
CREATE INDEX idx_verifications_tx_hash_search ON verifications (tx_hash_search) WHERE tx_hash_search IS NOT NULL;
-- Holds what a list is filtered by, so that rows, which are large, are only read when they will be shown.
CREATE INDEX idx_verifications_created_at ON verifications
  (created_at, verification_id, result, symbol, network, originating_vasp_id, beneficiary_vasp_id);
CREATE INDEX idx_verifications_originating_vasp ON verifications (originating_vasp_id, created_at);
CREATE INDEX idx_verifications_beneficiary_vasp ON verifications (beneficiary_vasp_id, created_at);

CREATE TABLE counter_party_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL CHECK (type IN ('PerVasp', 'PerAddress', 'PerVerification')),
  vasp_id TEXT NOT NULL,
  key_identifier TEXT NOT NULL,
  public_key TEXT NOT NULL,
  created_at TEXT NOT NULL,
  key_id TEXT NOT NULL,                     -- the name by which the counterparty knows its key
  expires_at TEXT NOT NULL
);
CREATE UNIQUE INDEX uk_counter_party_keys ON counter_party_keys (vasp_id, key_identifier, type);

CREATE TABLE own_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL CHECK (type IN ('PerVasp', 'PerAddress', 'PerVerification')),
  key_identifier TEXT NOT NULL,             -- a retired key has its key id appended, which frees the name
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,                -- sealed, and in no index (the published definition indexes it)
  created_at TEXT NOT NULL,
  key_id TEXT NOT NULL,
  retired_at TEXT DEFAULT NULL
);
CREATE UNIQUE INDEX uk_own_keys ON own_keys (key_identifier, type);
CREATE UNIQUE INDEX uk_own_keys_key_id ON own_keys (key_id);

CREATE TABLE commands (
  command_id INTEGER PRIMARY KEY,
  command_type TEXT NOT NULL,
  command_body TEXT NOT NULL,               -- ids only, never personal data
  status TEXT NOT NULL DEFAULT 'CREATED' CHECK (status IN ('CREATED', 'PROCESSING', 'DONE', 'ERROR')),
  created_at TEXT NOT NULL,
  fetched_at TEXT DEFAULT NULL,
  finished_at TEXT DEFAULT NULL,
  due_at TEXT NOT NULL,
  published_at TEXT DEFAULT NULL,
  lease_token TEXT DEFAULT NULL,
  lease_until TEXT DEFAULT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  group_key TEXT DEFAULT NULL,
  holds_until TEXT DEFAULT NULL,            -- until then, later commands of the group wait for this one
  traceparent TEXT DEFAULT NULL,
  last_error TEXT DEFAULT NULL
);
-- Partial, unlike the published ones: finished commands are many and never claimed.
CREATE INDEX idx_commands_due ON commands (command_type, due_at) WHERE status = 'CREATED';
CREATE INDEX idx_commands_lease ON commands (lease_token, lease_until) WHERE status = 'PROCESSING';
CREATE INDEX idx_commands_group ON commands (group_key, command_type, command_id) WHERE group_key IS NOT NULL;
CREATE INDEX idx_commands_finished ON commands (finished_at) WHERE finished_at IS NOT NULL;

-- Tables of our own: replay protection, idempotency, API keys, callbacks, health, leases, audit.

CREATE TABLE received_messages (
  sender_vasp_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  answer_status INTEGER DEFAULT NULL,
  answer_body TEXT DEFAULT NULL,            -- as sent; what is personal in it is sealed to the peer
  received_at TEXT NOT NULL,
  PRIMARY KEY (sender_vasp_id, message_id)
) WITHOUT ROWID;
CREATE INDEX idx_received_messages_received_at ON received_messages (received_at);

CREATE TABLE idempotency_keys (
  scope TEXT NOT NULL,                      -- API key and endpoint
  idempotency_key TEXT NOT NULL,
  request_digest TEXT NOT NULL,             -- keyed: the body holds personal data
  answer_status INTEGER NOT NULL,
  answer_body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (scope, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX idx_idempotency_keys_created_at ON idempotency_keys (created_at);

CREATE TABLE api_keys (
  api_key_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  scopes TEXT NOT NULL,                     -- comma-separated
  created_at TEXT NOT NULL,
  revoked_at TEXT DEFAULT NULL
) WITHOUT ROWID;

CREATE TABLE callback_deliveries (
  delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
  command_id INTEGER NOT NULL,
  verification_uuid TEXT NOT NULL,
  callback_type TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  attempted_at TEXT NOT NULL,
  outcome TEXT NOT NULL,                    -- DELIVERED, or why not
  http_status INTEGER DEFAULT NULL,
  took_ms INTEGER NOT NULL,
  out_of_order INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX idx_callback_deliveries_command ON callback_deliveries (command_id);
CREATE INDEX idx_callback_deliveries_verification ON callback_deliveries (verification_uuid);

CREATE TABLE member_health (
  vasp_id TEXT PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('UP', 'DOWN')),
  streak INTEGER NOT NULL,                  -- equal answers in a row; negative while failing
  checked_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  token TEXT NOT NULL,
  lease_until TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE node_facts (
  name TEXT PRIMARY KEY,                    -- such as the version of the last directory accepted
  value TEXT NOT NULL,
  updated_at TEXT NOT NULL
) WITHOUT ROWID;

-- Append-only; holds no personal data.
CREATE TABLE audit_log (
  audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject TEXT DEFAULT NULL,
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX idx_audit_log_at ON audit_log (at);
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_is_never_shortened BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

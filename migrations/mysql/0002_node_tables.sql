-- Tables of our own: replay protection, idempotency, API keys, callbacks, health, leases, audit.
-- {collation}: see the first step.

CREATE TABLE received_messages (
  sender_vasp_id bigint unsigned NOT NULL,
  message_id varchar(256) NOT NULL,
  digest varchar(256) NOT NULL,
  answer_status int DEFAULT NULL,
  answer_body mediumtext DEFAULT NULL COMMENT 'As sent: what is personal in it is sealed to the peer',
  received_at datetime(3) NOT NULL,
  PRIMARY KEY (sender_vasp_id, message_id),
  INDEX idx_received_messages_received_at (received_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE idempotency_keys (
  scope varchar(256) NOT NULL COMMENT 'API key and endpoint',
  idempotency_key varchar(256) NOT NULL,
  request_digest varchar(256) NOT NULL COMMENT 'Keyed: the body holds personal data',
  answer_status int NOT NULL,
  answer_body mediumtext NOT NULL,
  created_at datetime(3) NOT NULL,
  PRIMARY KEY (scope, idempotency_key),
  INDEX idx_idempotency_keys_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE api_keys (
  api_key_id varchar(128) NOT NULL,
  name varchar(512) NOT NULL,
  secret_hash varchar(256) NOT NULL,
  scopes varchar(1024) NOT NULL COMMENT 'Comma-separated',
  created_at datetime(3) NOT NULL,
  revoked_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (api_key_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE callback_deliveries (
  delivery_id bigint unsigned NOT NULL AUTO_INCREMENT,
  command_id bigint unsigned NOT NULL,
  verification_uuid varchar(40) NOT NULL,
  callback_type varchar(64) NOT NULL,
  attempt int NOT NULL,
  attempted_at datetime(3) NOT NULL,
  outcome varchar(1024) NOT NULL COMMENT 'DELIVERED, or why not',
  http_status int DEFAULT NULL,
  took_ms bigint NOT NULL,
  out_of_order tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (delivery_id),
  INDEX idx_callback_deliveries_command (command_id),
  INDEX idx_callback_deliveries_verification (verification_uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE member_health (
  vasp_id bigint unsigned NOT NULL,
  status enum('UP', 'DOWN') NOT NULL,
  streak bigint NOT NULL COMMENT 'Equal answers in a row; negative while failing',
  checked_at datetime(3) NOT NULL,
  changed_at datetime(3) NOT NULL,
  PRIMARY KEY (vasp_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE leases (
  name varchar(128) NOT NULL,
  token varchar(128) NOT NULL,
  lease_until datetime(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TABLE node_facts (
  name varchar(128) NOT NULL COMMENT 'Such as the version of the last directory accepted',
  value mediumtext NOT NULL,
  updated_at datetime(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

-- Append-only; holds no personal data.
CREATE TABLE audit_log (
  audit_id bigint unsigned NOT NULL AUTO_INCREMENT,
  at datetime(3) NOT NULL,
  event varchar(128) NOT NULL,
  actor varchar(512) NOT NULL,
  subject varchar(512) DEFAULT NULL,
  detail mediumtext NOT NULL,
  PRIMARY KEY (audit_id),
  INDEX idx_audit_log_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={collation};

CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only';

CREATE TRIGGER audit_log_is_never_shortened BEFORE DELETE ON audit_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit log is append-only';

-- Risk assessment: the four optional tables of the enclave interface, the cases of World-Check, and the limits of vendors.
-- Differences from the published definition, besides those of the first step:
--   * No time has a default: they are the node's. created_at and updated_at are never NULL.
--   * What is asked of World-Check and what it says is sealed, and so has no fixed length.
--   * A list is in the order of time, and of request ids where times are equal: the indexes it goes by end with both.
--     The published ones by worker are left out: nobody asks by them, and whoever takes a row up would change them.
--   * Texts that come from a vendor have the published lengths by a CHECK, so that all databases refuse the same.
--   * due_at says when a row is worked on next; whoever works on it moves it to the end of the lease, so that a worker that
--     dies loses nothing.

-- What sanctions lists said of addresses.
CREATE TABLE chainalysis_sanction_results (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL,
  verification_uuid TEXT NOT NULL,
  counterparty_vasp_id TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('OUTGOING', 'INCOMING')),
  address TEXT NOT NULL CHECK (length(address) <= 512),
  status TEXT NOT NULL CHECK (status IN ('NOHIT', 'SANCTION', 'CLOSED', 'ERROR')),
  ofac_name TEXT DEFAULT NULL CHECK (length(ofac_name) <= 1024),
  ofac_description TEXT DEFAULT NULL CHECK (length(ofac_description) <= 4096),
  ofac_url TEXT DEFAULT NULL CHECK (length(ofac_url) <= 1024),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  -- what every risk assessment says of itself
  reason TEXT DEFAULT NULL CHECK (length(reason) <= 64), -- why it is ERROR, a code
  key_id TEXT DEFAULT NULL, -- names the key that was used; tells nothing of it
  origin TEXT NOT NULL CHECK (origin IN ('API', 'AUTOMATIC')),
  shares_request TEXT DEFAULT NULL -- the request whose answer of the vendor this one repeats
);
CREATE UNIQUE INDEX uniq_sanction_request_id ON chainalysis_sanction_results (request_id);
CREATE INDEX idx_sanction_counterparty_vasp_id ON chainalysis_sanction_results (counterparty_vasp_id, created_at, request_id);
CREATE INDEX idx_sanction_address ON chainalysis_sanction_results (address, created_at);
CREATE INDEX idx_sanction_status_created_at ON chainalysis_sanction_results (status, created_at, request_id);
CREATE INDEX idx_sanction_created_at ON chainalysis_sanction_results (created_at, request_id);
CREATE INDEX idx_sanction_verification_uuid ON chainalysis_sanction_results (verification_uuid, created_at, request_id);

-- What Chainalysis KYT was asked, and said.
CREATE TABLE chainalysis_kyt_results (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL,
  verification_uuid TEXT NOT NULL,
  counterparty_vasp_id TEXT NOT NULL,
  api_type TEXT NOT NULL CHECK (api_type IN ('TRANSFER', 'ATTEMPT')),
  user_id TEXT NOT NULL CHECK (length(user_id) <= 128),
  direction TEXT NOT NULL CHECK (direction IN ('OUTGOING', 'INCOMING')),
  network TEXT DEFAULT NULL CHECK (length(network) <= 128),
  asset TEXT NOT NULL CHECK (length(asset) <= 16),
  amount TEXT NOT NULL CHECK (length(amount) <= 128),
  usd_price TEXT DEFAULT NULL CHECK (length(usd_price) <= 128),
  transfer_ref TEXT DEFAULT NULL CHECK (length(transfer_ref) <= 1024),
  output_address TEXT DEFAULT NULL CHECK (length(output_address) <= 512),
  timestamp TEXT DEFAULT NULL,
  external_id TEXT DEFAULT NULL CHECK (length(external_id) <= 128),
  status TEXT NOT NULL CHECK (status IN ('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED')),
  worker_id TEXT DEFAULT NULL,
  last_checked_at TEXT DEFAULT NULL,
  alert_count INTEGER DEFAULT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  assessed_at TEXT DEFAULT NULL,
  -- what a worker needs, and what every risk assessment says of itself
  address TEXT NOT NULL CHECK (length(address) <= 512), -- the address that was asked about, as the verification has it
  due_at TEXT DEFAULT NULL, -- when it is to be worked on next; NULL: never
  attempts INTEGER NOT NULL DEFAULT 0, -- how often it was worked on since something changed
  failing_since TEXT DEFAULT NULL, -- since when the vendor gives no answer
  registered_at TEXT DEFAULT NULL, -- when the vendor took it on
  late_checks INTEGER NOT NULL DEFAULT 0, -- looks for further alerts that were made
  reason TEXT DEFAULT NULL CHECK (length(reason) <= 64), -- why it is ERROR, a code
  key_id TEXT DEFAULT NULL, -- names the key that was used; tells nothing of it
  origin TEXT NOT NULL CHECK (origin IN ('API', 'AUTOMATIC')),
  shares_request TEXT DEFAULT NULL, -- the request whose registration with the vendor this one uses
  traceparent TEXT DEFAULT NULL
);
CREATE UNIQUE INDEX uniq_kyt_request_id ON chainalysis_kyt_results (request_id);
CREATE INDEX idx_kyt_external_id ON chainalysis_kyt_results (external_id);
CREATE INDEX idx_kyt_counterparty_vasp_id ON chainalysis_kyt_results (counterparty_vasp_id, created_at, request_id);
CREATE INDEX idx_kyt_direction ON chainalysis_kyt_results (direction, created_at, request_id);
CREATE INDEX idx_kyt_status_created_at ON chainalysis_kyt_results (status, created_at, request_id);
CREATE INDEX idx_kyt_created_at ON chainalysis_kyt_results (created_at, request_id);
CREATE INDEX idx_kyt_verification_uuid ON chainalysis_kyt_results (verification_uuid, created_at, request_id);
CREATE INDEX idx_kyt_due_at ON chainalysis_kyt_results (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX idx_kyt_address ON chainalysis_kyt_results (address, created_at);

-- Alerts of Chainalysis KYT.
CREATE TABLE chainalysis_kyt_alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  external_id TEXT NOT NULL CHECK (length(external_id) <= 128),
  alert_id TEXT NOT NULL CHECK (length(alert_id) <= 128),
  alert_level TEXT NOT NULL CHECK (alert_level IN ('LOW', 'MEDIUM', 'HIGH', 'SEVERE')),
  entity_category TEXT DEFAULT NULL CHECK (length(entity_category) <= 256),
  service_name TEXT DEFAULT NULL CHECK (length(service_name) <= 256),
  exposure_type TEXT NOT NULL CHECK (exposure_type IN ('DIRECT', 'INDIRECT')),
  alert_amount TEXT NOT NULL CHECK (length(alert_amount) <= 128),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX uniq_kyt_alerts_alert_id ON chainalysis_kyt_alerts (alert_id);
CREATE INDEX idx_kyt_alerts_external_id ON chainalysis_kyt_alerts (external_id);
CREATE INDEX idx_kyt_alerts_alert_level ON chainalysis_kyt_alerts (alert_level);
CREATE INDEX idx_kyt_alerts_created_at ON chainalysis_kyt_alerts (created_at);

-- Under which of the vendor's ids an alert was seen: it can be one alert of several registrations, and each reports it.
CREATE TABLE kyt_alert_sightings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  external_id TEXT NOT NULL,
  alert_id TEXT NOT NULL
);
CREATE UNIQUE INDEX uk_kyt_alert_sightings ON kyt_alert_sightings (external_id, alert_id);
CREATE INDEX idx_kyt_alert_sightings_alert_id ON kyt_alert_sightings (alert_id);

-- What World-Check One was asked, and said, over all persons of a request.
CREATE TABLE refinitiv_wco_results (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL,
  verification_uuid TEXT NOT NULL,
  counterparty_vasp_id TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('OUTGOING', 'INCOMING')),
  case_system_id TEXT NOT NULL CHECK (length(case_system_id) <= 128), -- of the case with the strongest match; empty until the vendor has named one
  aggregated_result_summaries TEXT DEFAULT NULL, -- sealed: it names people
  worker_id TEXT DEFAULT NULL,
  status TEXT NOT NULL CHECK (status IN ('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED')),
  last_checked_at TEXT DEFAULT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  assessed_at TEXT DEFAULT NULL,
  -- what a worker needs, and what every risk assessment says of itself
  due_at TEXT DEFAULT NULL, -- when it is to be worked on next; NULL: never
  attempts INTEGER NOT NULL DEFAULT 0, -- how often it was worked on since something changed
  failing_since TEXT DEFAULT NULL, -- since when the vendor gives no answer
  registered_at TEXT DEFAULT NULL, -- when the vendor had taken all cases on
  match_strength TEXT DEFAULT NULL CHECK (match_strength IN ('WEAK', 'MEDIUM', 'STRONG', 'EXACT')), -- the strongest
  total_matches INTEGER DEFAULT NULL,
  reason TEXT DEFAULT NULL CHECK (length(reason) <= 64), -- why it is ERROR, a code
  key_id TEXT DEFAULT NULL, -- names the key that was used; tells nothing of it
  origin TEXT NOT NULL CHECK (origin IN ('API', 'AUTOMATIC')),
  traceparent TEXT DEFAULT NULL
);
CREATE UNIQUE INDEX uniq_wco_request_id ON refinitiv_wco_results (request_id);
CREATE INDEX idx_wco_counterparty_vasp_id ON refinitiv_wco_results (counterparty_vasp_id, created_at, request_id);
CREATE INDEX idx_wco_direction ON refinitiv_wco_results (direction, created_at, request_id);
CREATE INDEX idx_wco_status_created_at ON refinitiv_wco_results (status, created_at, request_id);
CREATE INDEX idx_wco_created_at ON refinitiv_wco_results (created_at, request_id);
CREATE INDEX idx_wco_verification_uuid ON refinitiv_wco_results (verification_uuid, created_at, request_id);
CREATE INDEX idx_wco_due_at ON refinitiv_wco_results (due_at) WHERE due_at IS NOT NULL;

-- One case of World-Check for each person of a request.
CREATE TABLE refinitiv_wco_cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL,
  person INTEGER NOT NULL, -- from 0
  case_id TEXT NOT NULL, -- our name for it, known before the vendor is asked
  case_system_id TEXT DEFAULT NULL CHECK (length(case_system_id) <= 128), -- the vendor's
  entity_type TEXT NOT NULL CHECK (entity_type IN ('INDIVIDUAL', 'ORGANISATION')),
  subject_fingerprint TEXT NOT NULL, -- keyed digest of what is asked: equal persons share a case
  asked TEXT NOT NULL, -- sealed: name and secondary fields
  status TEXT NOT NULL CHECK (status IN ('ERROR', 'REGISTERED', 'CHECKING', 'PROCESSED')),
  screening_requested_at TEXT DEFAULT NULL, -- by the vendor's clock
  match_strength TEXT DEFAULT NULL CHECK (match_strength IN ('WEAK', 'MEDIUM', 'STRONG', 'EXACT')),
  total_matches INTEGER DEFAULT NULL,
  aggregated_result_summaries TEXT DEFAULT NULL, -- sealed: it names people
  shares_case TEXT DEFAULT NULL, -- the case of ours whose case of the vendor's this one uses
  reason TEXT DEFAULT NULL CHECK (length(reason) <= 64), -- why it is ERROR, a code
  assessed_at TEXT DEFAULT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX uniq_wco_cases_case_id ON refinitiv_wco_cases (case_id);
CREATE UNIQUE INDEX uniq_wco_cases_request_person ON refinitiv_wco_cases (request_id, person);
CREATE INDEX idx_wco_cases_subject ON refinitiv_wco_cases (subject_fingerprint, created_at);

-- Limits that vendors set to a credential. All processes take their turns here, so that a restart forgets nothing.
CREATE TABLE vendor_limits (
  name TEXT PRIMARY KEY, -- vendor, kind of request, and name of the key
  next_slot_us INTEGER NOT NULL, -- when the next turn is, microseconds since 1970
  paused_until TEXT DEFAULT NULL, -- the vendor asked everybody to wait until then
  pauses INTEGER NOT NULL DEFAULT 0, -- in a row, for the back-off where the vendor names no time
  updated_at TEXT NOT NULL
) WITHOUT ROWID;

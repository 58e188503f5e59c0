-- Keys that nobody needs any more are found without reading all of them: a member may ask for many.

CREATE INDEX idx_own_keys_created_at ON own_keys (type, created_at);
CREATE INDEX idx_own_keys_retired_at ON own_keys (retired_at);
CREATE INDEX idx_counter_party_keys_expires_at ON counter_party_keys (expires_at);

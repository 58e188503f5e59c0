//! Every setting of the node: name, type, default, meaning.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;
use waybill_domain::VaspId;

use super::checks::*;
use super::section::{defaults, section};

section! {
    /// Who this node is and where it keeps its state.
    NodeSettings in "node" {
        /// Id of the VASP this node speaks for, as it stands in the directory.
        vasp_id: VaspId,
        /// Folder of the node's own files. One node at a time may use it.
        data_dir: PathBuf = "./.waybill/node",
    }
}

section! {
    /// The private API, for the VASP's own backend only.
    IngressSettings in "ingress" {
        /// Where it listens. Without any API key only loopback addresses are served.
        bind: SocketAddr = "127.0.0.1:21117",
        /// Largest request body, in bytes.
        max_body_bytes: usize = "131072" where positive,
        /// Requests per second that one API key may make over a longer time.
        rate_per_second: u32 = "500" where positive,
        /// Requests that one API key may make at once before the rate applies.
        rate_burst: u32 = "1000" where positive,
        /// Longest time any request may take.
        request_timeout: Duration = "30s" where positive,
        /// Longest time for a whole account check, the counterparty's answer included.
        account_timeout: Duration = "3s" where positive,
        /// Longest time for a whole inquiry about a transaction, the counterparty's answer included.
        inquiry_timeout: Duration = "3s" where positive,
    }
}

section! {
    /// The public listener, for other VASPs.
    ListenerSettings in "listener" {
        /// Where it listens.
        bind: SocketAddr = "127.0.0.1:21118",
        /// URL at which other VASPs reach it, as it stands in the directory.
        public_endpoint: Option<Url> where https_unless_loopback_if_set,
        /// Largest request body, in bytes.
        max_body_bytes: usize = "131072" where positive,
        /// Longest time to send the head of a request; idle connections are closed after it too.
        header_timeout: Duration = "5s" where positive,
        /// Longest time to send the body of a request.
        body_timeout: Duration = "10s" where positive,
        /// Connections served at once; more wait.
        max_connections: usize = "1024" where positive,
        /// How long a counterparty's verification waits for our backend before it is answered with "accepted" and the answer follows as a message of its own. 0 always does the latter.
        inline_answer_budget: Duration = "1s",
        /// Public keys that one member may ask for in a minute.
        key_requests_per_minute: u32 = "600" where positive,
    }
}

section! {
    /// Where the records are kept.
    DatabaseSettings in "database" {
        /// The SQLite file. Left unset it is `waybill.sqlite` in `node.data_dir`.
        path: Option<PathBuf>,
        /// Connections that read at the same time; writing has one of its own.
        readers: u32 = "4" where positive,
    }
}

section! {
    /// The signed list of members.
    DirectorySettings in "directory" {
        /// Path or URL of the signed document.
        source: String where no_credentials,
        /// Public key of the operator who signs the document: Ed25519, 32 bytes in base64url.
        trust_root: String where public_key,
        /// How often the document is looked at again.
        refresh: Duration = "1m" where positive,
        /// Hosts, addresses and address ranges (`10.1.0.0/16`) of members that may be reached although they are not public.
        allow_private: Vec<String> = "" where hosts_or_ranges,
    }
}

section! {
    /// Proves to other VASPs that a message is from us.
    IdentitySettings in "identity" {
        /// Ed25519 seed: 32 bytes in base64. Its public half stands in the directory.
        key: SecretString where seed,
    }
}

section! {
    /// Seals personal data and private keys at rest.
    EncryptionSettings in "encryption" {
        /// Keys of 32 bytes as `name:base64,name2:base64`. The first seals, all open.
        keys: SecretString where keyring,
    }
}

section! {
    /// The VASP's own backend: who its customers are, and where it wants to hear results.
    BackendSettings in "backend" {
        /// URL of the account check.
        account_url: Option<Url> where https_unless_loopback_if_set,
        /// URL of the user verification.
        verification_url: Option<Url> where https_unless_loopback_if_set,
        /// URL of the transaction status.
        transaction_url: Option<Url> where https_unless_loopback_if_set,
        /// URL that receives callbacks.
        callback_url: Option<Url> where https_unless_loopback_if_set,
        /// Token that the backend knows us by.
        authorization_token: Option<SecretString>,
        /// Header that carries the token. In `Authorization` it is sent as a bearer token, elsewhere as it is.
        authorization_header: String = "Authorization" where header_name,
        /// Longest time for an account check.
        account_timeout: Duration = "1s" where positive,
        /// Longest time for a user verification.
        verification_timeout: Duration = "5s" where positive,
        /// Longest time for a transaction status.
        transaction_timeout: Duration = "1s" where positive,
        /// Longest time for the delivery of a callback.
        callback_timeout: Duration = "1s" where positive,
        /// Largest answer, in bytes.
        max_answer_bytes: usize = "65536" where positive,
    }
}

section! {
    /// Delivery of callbacks to the backend.
    CallbackSettings in "callback" {
        /// Secrets that sign each delivery (Standard Webhooks, `whsec_…`); two at once while one replaces the other, the newer first.
        secrets: Vec<SecretString> = "" where webhook_secrets,
        /// Wait before the first retry; it doubles with each further one.
        retry_first: Duration = "1s" where positive,
        /// Longest wait between two retries.
        retry_max: Duration = "1h" where positive,
        /// Age at which an undelivered callback is given up and kept for `waybill callbacks replay`.
        give_up_after: Duration = "24h" where positive,
        /// How long an undelivered callback holds back the later ones of the same verification.
        order_hold: Duration = "15m",
        /// Deliveries at once.
        concurrency: usize = "64" where positive,
    }
}

section! {
    /// Deadlines of verifications.
    VerificationSettings in "verification" {
        /// Age at which an unanswered verification ends as `ERROR` with `REQUEST-TIMEOUT`.
        deadline: Duration = "10m" where positive,
    }
}

section! {
    /// Messages to other VASPs.
    PeersSettings in "peers" {
        /// Longest time for one request.
        request_timeout: Duration = "10s" where positive,
        /// Requests at once to one VASP, so that a hanging one takes no slot from the others.
        concurrency_per_peer: usize = "32" where positive,
        /// Requests at once to all VASPs.
        workers: usize = "256" where positive,
        /// Failures in a row after which a VASP is left alone for a while.
        breaker_failures: u32 = "5" where positive,
        /// How long it is left alone.
        breaker_open: Duration = "10s" where positive,
        /// Age at which an undelivered transaction or error report is given up.
        report_give_up_after: Duration = "168h" where positive,
    }
}

section! {
    /// Keys that counterparties seal to.
    KeysSettings in "keys" {
        /// How long a public key is used; at least 10m.
        ttl: Duration = "30m" where at_least_ten_minutes,
    }
}

section! {
    /// Polling of the other members. A member that is down is shown so, and still gets its messages.
    HealthSettings in "health" {
        /// Time between two polls of a member.
        poll_interval: Duration = "10s" where positive,
        /// Failures in a row that make a member down.
        down_after: u32 = "3" where positive,
        /// Successes in a row that make it up again.
        up_after: u32 = "1" where positive,
        /// Longest time for one poll.
        timeout: Duration = "2s" where positive,
    }
}

section! {
    /// What the node says about itself. Never holds personal data, keys or tokens.
    TelemetrySettings in "telemetry" {
        /// `off`, `error`, `warn`, `info`, `debug` or `trace`; or filter directives such as `info,waybill_ingress=debug`.
        log_level: String = "info" where log_filter,
        /// `text` for people or `json` for machines; either goes to standard error.
        log_format: String = "text" where text_or_json,
    }
}

section! {
    /// Repeated requests with the same `Idempotency-Key`.
    IdempotencySettings in "idempotency" {
        /// How long the first answer is kept for repetition.
        keep: Duration = "24h" where positive,
    }
}

defaults! {
    IngressSettings, ListenerSettings, DatabaseSettings, BackendSettings, CallbackSettings, VerificationSettings,
    PeersSettings, KeysSettings, HealthSettings, TelemetrySettings, IdempotencySettings,
}

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
        /// Requests per second that one API key may make over a longer time; all processes together.
        rate_per_second: u32 = "500" where positive,
        /// Requests that one API key may make at once before the rate applies; all processes together.
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
        /// Public keys that one member may ask for in a minute; all processes together.
        key_requests_per_minute: u32 = "600" where positive,
    }
}

section! {
    /// What whoever runs the process asks it: `/livez`, `/readyz` and `/metrics`, as docs/OPERATIONS.md describes them.
    AdminSettings in "admin" {
        /// Where it listens; not set, nowhere. Each process on a machine needs an address of its own. It asks for no key and tells nothing personal; keep it from strangers all the same.
        bind: Option<SocketAddr>,
    }
}

section! {
    /// Where the records are kept: in a file of this node alone, or on a server that several nodes of the VASP share.
    DatabaseSettings in "database" {
        /// The SQLite file. Left unset, with `database.url` unset too, it is `waybill.sqlite` in `node.data_dir`.
        path: Option<PathBuf>,
        /// SQLite: connections that read at the same time; writing has one of its own.
        readers: u32 = "4" where positive,
        /// The database on a server: `postgres://user:password@host:5432/name`, or `mysql://…` for MySQL and MariaDB. `waybill migrate` prepares it.
        url: Option<SecretString> where database_url_if_set,
        /// Server: connections at most, two at the least; a quarter of them reads. All nodes together must stay below what the server allows.
        connections: u32 = "16" where positive,
        /// Server: how the connection is protected. `full`: encrypted, certificate and host name checked. `authority`: without the host name. `encrypted`: without any check. `off`: not at all. `auto`: `full` to other machines, on loopback encrypted when the server can.
        tls: String = "auto" where tls_mode,
        /// Server: PEM file with the certificates to trust, in place of the system's.
        tls_ca: Option<PathBuf>,
        /// PostgreSQL: the schema of the tables, in place of the user's default. It must exist.
        schema: Option<String> where schema_if_set,
        /// Server: how long work waits for a free connection.
        acquire_timeout: Duration = "5s" where positive,
        /// Server: how long one statement may run.
        statement_timeout: Duration = "30s" where positive,
        /// Server: how long a start waits for one that is away, and a node for `waybill migrate`.
        start_timeout: Duration = "10m",
    }
}

section! {
    /// The broker between services that run as processes of their own. Without it a node is one process.
    BusSettings in "bus" {
        /// RabbitMQ: `amqp://user:password@host:5672/vhost`, or `amqps://…`. Needs `database.url`.
        url: Option<SecretString> where amqp_url_if_set,
        /// PEM file with further certificates to trust, for `amqps`.
        tls_ca: Option<PathBuf>,
        /// Begins the name of every queue. Nodes of different VASPs that share a broker need different ones.
        prefix: String = "waybill" where queue_prefix,
        /// Whether queues are made where they are missing. Else they must be there, made as docs/OPERATIONS.md says.
        declare: bool = "true",
        /// Messages that wait for the broker's confirmation at once.
        window: usize = "256" where positive,
        /// How long a confirmation may take before the message is sent again.
        confirm_timeout: Duration = "10s" where positive,
        /// Messages in one queue at most; further ones wait in the database. Only when the queue is made.
        max_length: u32 = "100000" where positive,
        /// A command that was sent this long ago, is not taken and not in its queue any more is sent again.
        lost_after: Duration = "30s" where positive,
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
        /// Seed of the key that is to replace it. It signs as soon as the directory has listed it as valid for `identity.switch_after`, without a restart; at once, when the first key is no longer valid.
        next_key: Option<SecretString> where seed_if_set,
        /// How long this node must have seen the next key as valid in the directory before it signs. Longer than any other node's `directory.refresh`, so that all of them know it.
        switch_after: Duration = "10m",
    }
}

section! {
    /// Seals personal data and private keys at rest.
    EncryptionSettings in "encryption" {
        /// Keys of 32 bytes as `name:base64,name2:base64`. The first seals, all open. A change takes a restart; with `encryption.keyring_file` it does not.
        keys: Option<SecretString>,
        /// File with the same text, or one `name:base64` a line, instead of `encryption.keys`. Nobody but its owner may read it (mode 0600). A running node notices when it changes; `waybill keys` writes it.
        keyring_file: Option<PathBuf>,
        /// How often the file is looked at.
        keyring_poll: Duration = "2s" where positive,
        /// URL that makes the keys from what stands in their place, wrapped keys or references: it is sent `{"inputKey": "…"}` for each, with the token of the backend when there is one, and answers `{"outputKey": "…"}`, 32 bytes in base64. Asked at the start and for each entry that changes.
        decrypt_url: Option<Url> where https_unless_loopback_if_set,
        /// Longest time for one such answer.
        decrypt_timeout: Duration = "5s" where positive,
        /// Rows that are sealed again in one transaction after a rotation.
        reseal_batch: u32 = "20" where positive,
        /// Percentage of its time for which sealing again may keep the database busy: it rests the longer, the longer each transaction took.
        reseal_share: u32 = "20" where percentage,
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
        /// Deliveries at once; all processes together.
        concurrency: usize = "64" where positive,
        /// How long a callback that was delivered is kept with its log, for `waybill callbacks list` and `replay`. Other commands that are done are kept as long.
        keep: Duration = "720h" where positive,
    }
}

section! {
    /// Deadlines of verifications.
    VerificationSettings in "verification" {
        /// Age at which an unanswered verification ends as `ERROR` with `REQUEST-TIMEOUT`.
        deadline: Duration = "10m" where positive,
        /// Days after which a verification is deleted with everything that belongs to it, from 1 to 36500; the audit stays. Left unset, verifications are kept for ever. One that waits for its answer or has a callback or a risk assessment under way is kept until that is over.
        retention_days: Option<u32> where days_if_set,
    }
}

section! {
    /// Messages to other VASPs.
    PeersSettings in "peers" {
        /// Longest time for one request.
        request_timeout: Duration = "10s" where positive,
        /// Requests at once to one VASP, so that a hanging one takes no slot from the others; all processes together.
        concurrency_per_peer: usize = "32" where positive,
        /// Requests at once to all VASPs.
        workers: usize = "256" where positive,
        /// Failures in a row after which a VASP is left alone for a while.
        breaker_failures: u32 = "5" where positive,
        /// How long it is left alone, by all processes.
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
    /// What is screened without being asked for, and what networks are called.
    ScreeningSettings in "screening" {
        /// Automatic screening of withdrawals: `vendor:event` each, such as `chainalysis-sanction:created`. Vendors: `chainalysis-sanction`, `chainalysis-kyt`, `refinitiv-wco`. Events: `created`, `verified`, `reported`. Results come by callback.
        outgoing: Vec<String> = "" where screening_rules,
        /// The same for deposits.
        incoming: Vec<String> = "" where screening_rules,
        /// TOML file with networks and assets that replace or add to the built-in ones.
        networks_file: Option<PathBuf>,
    }
}

section! {
    /// Chainalysis: sanctions lists, and KYT for addresses and transactions.
    ChainalysisSettings in "chainalysis" {
        /// Where the Sanctions API is.
        sanction_url: Url = "https://public.chainalysis.com" where https_unless_loopback,
        /// Key of the Sanctions API. Left unset, it is not asked. In a file of its own it may be replaced without a restart.
        sanction_api_key: Option<SecretString>,
        /// Longest time for one look-up.
        sanction_timeout: Duration = "5s" where positive,
        /// Look-ups that the vendor allows in `chainalysis.sanction_window`; all processes together.
        sanction_requests: u32 = "5000" where positive,
        /// The span that the vendor counts them in.
        sanction_window: Duration = "5m" where positive,
        /// How long a result serves further look-ups of the same address; 0 asks each time.
        sanction_reuse: Duration = "1m",
        /// Age of an automatic look-up that the vendor does not answer at which it ends as `ERROR`. Left unset, it waits as long as the vendor is away.
        sanction_error_after: Option<Duration>,
        /// Where the KYT API is.
        kyt_url: Url = "https://api.chainalysis.com/api/kyt" where https_unless_loopback,
        /// Key of the KYT API. Left unset, it is not asked. In a file of its own it may be replaced without a restart.
        kyt_api_key: Option<SecretString>,
        /// Longest time for a registration within a request, and for each later question.
        kyt_timeout: Duration = "5s" where positive,
        /// Requests per second that the vendor allows; all processes together.
        kyt_requests_per_second: u32 = "20" where positive,
        /// How long a registration serves further requests for the same address or transaction, so that it is paid for once; 0 registers each time.
        kyt_reuse: Duration = "1m",
        /// Results asked for at once, by each process.
        kyt_concurrency: usize = "16" where positive,
        /// Age at which a transaction that the vendor knows and does not assess ends as `ERROR`.
        kyt_transfer_deadline: Duration = "24h" where positive,
        /// The same for an address.
        kyt_attempt_deadline: Duration = "10m" where positive,
        /// How long after a result it is looked whether there are further alerts, each time.
        kyt_late_checks: Vec<Duration> = "1h,24h" where all_positive,
        /// How long the vendor may be away before a risk assessment ends as `ERROR`. Left unset, it waits until the vendor is back.
        kyt_error_after: Option<Duration>,
        /// How the vendor writes addresses: `normalized` or `display`. Left unset, as it likes.
        kyt_format: Option<String> where kyt_format_if_set,
    }
}

section! {
    /// Refinitiv (LSEG) World-Check One.
    RefinitivSettings in "refinitiv" {
        /// Where the API is, with the path of its gateway.
        url: Url = "https://api-worldcheck.refinitiv.com/v2" where https_unless_loopback,
        /// Key of the API user. Left unset, World-Check is not asked. In files of their own it and its secret may be replaced without a restart.
        api_key: Option<SecretString>,
        /// Its secret.
        api_secret: Option<SecretString>,
        /// The group whose case template is used.
        group_id: Option<String>,
        /// Longest time for a registration within a request, and for each later question.
        timeout: Duration = "5s" where positive,
        /// Requests per second that the vendor allows this API user; all processes together.
        requests_per_second: u32 = "5" where positive,
        /// Screenings per hour that the vendor allows; all processes together.
        screenings_per_hour: u32 = "10000" where positive,
        /// How long a case serves further requests for the same person, so that it is paid for once; 0 opens one each time.
        reuse: Duration = "1m",
        /// Results asked for at once, by each process.
        concurrency: usize = "8" where positive,
        /// Age at which a case that the vendor knows and does not screen ends as `ERROR`.
        deadline: Duration = "24h" where positive,
        /// How long the vendor may be away before a risk assessment ends as `ERROR`. Left unset, it waits until the vendor is back.
        error_after: Option<Duration>,
        /// Whether a query is part of what is signed.
        sign_query: bool = "false",
        /// How long the group's case template is used before it is read again.
        template_refresh: Duration = "1h" where positive,
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
    AdminSettings, IngressSettings, ListenerSettings, DatabaseSettings, EncryptionSettings, BackendSettings, CallbackSettings, VerificationSettings,
    PeersSettings, KeysSettings, ScreeningSettings, ChainalysisSettings, RefinitivSettings, HealthSettings, TelemetrySettings, IdempotencySettings,
}

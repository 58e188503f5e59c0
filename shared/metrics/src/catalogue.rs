//! Every metric: name, type, labels, meaning.

use std::fmt::Write as _;

/// What Prometheus makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values by size.
    Histogram,
}

impl Kind {
    /// As in the line `# TYPE`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// With prefix and unit.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it says, one sentence without the full stop.
    pub meaning: &'static str,
}

macro_rules! catalogue {
    ($($constant:ident: $kind:ident $name:literal [$($label:literal)*] $meaning:literal;)+) => {
        $( pub(crate) const $constant: Metric = Metric {
            name: $name, kind: Kind::$kind, labels: &[$($label),*], meaning: $meaning,
        }; )+

        /// Every metric, in the order of the documentation.
        pub const ALL: &[Metric] = &[$($constant),+];
    };
}

catalogue! {
    COMMANDS_WAITING: Gauge "waybill_commands_waiting" ["kind"]
        "Commands that are due and that no worker has yet; the same in every process over one database";
    COMMANDS_DELAYED: Gauge "waybill_commands_delayed" ["kind"]
        "Commands that are due later: those that wait for their next attempt";
    COMMANDS_OVERDUE: Gauge "waybill_commands_overdue_seconds" ["kind"]
        "How long the command that is due the longest has been waiting for a worker; 0 when none waits";
    COMMANDS_OLDEST: Gauge "waybill_commands_oldest_age_seconds" ["kind"]
        "Age of the oldest command that is not done and that no worker has, waiting or delayed; 0 when there is none";
    COMMANDS_TOTAL: Counter "waybill_commands_total" ["kind" "outcome"]
        "Turns of workers at commands: `done`, `retried`, `dead`, or `lost` to another worker";
    COMMAND_DURATION: Histogram "waybill_command_duration_seconds" ["kind"]
        "How long a worker's turn at a command took";
    DEAD_LETTERS: Counter "waybill_dead_letters_total" ["kind" "reason"]
        "Commands given up: `given-up` by their worker, after `panic`s, their workers `lost`, by the `broker`";
    LEASES_EXPIRED: Counter "waybill_leases_expired_total" ["outcome"]
        "Commands whose lease ended because their worker died or hung: `requeued` or `given-up`";
    QUEUE_MESSAGES: Gauge "waybill_broker_queue_messages" ["kind"]
        "Messages that wait in the broker's queue of a kind of command";
    VERIFICATION_DURATION: Histogram "waybill_verification_duration_seconds" ["role" "result"]
        "From accepting a verification to its result, as `originator` or `beneficiary`";
    CALLBACK_ATTEMPTS: Counter "waybill_callback_attempts_total" ["outcome"]
        "Attempts to deliver a callback: `delivered`, `refused` with another status than 200, `failed` without an answer";
    CALLBACK_AGE: Histogram "waybill_callback_age_seconds" []
        "Age of a callback when the backend took it";
    CALLBACKS_GIVEN_UP: Counter "waybill_callbacks_given_up_total" []
        "Callbacks that will not be tried again by themselves";
    EGRESS_CALLS: Counter "waybill_egress_calls_total" ["destination" "outcome"]
        "Calls to others by the class of the answer's status (`2xx`) or the failure (`timeout`, `breaker-open`)";
    EGRESS_DURATION: Histogram "waybill_egress_call_duration_seconds" ["destination"]
        "How long calls to others took, those that were not let out included";
    BREAKER_OPEN: Gauge "waybill_egress_breaker_open" ["destination"]
        "1 while calls to a destination are suspended, as this process sees it";
    VENDOR_TURNS: Counter "waybill_vendor_turns_total" ["limit" "outcome"]
        "Turns at the limit of a vendor: `taken`, `refused` because they would have come too late, `lost` unused";
    VENDOR_TURN_WAIT: Histogram "waybill_vendor_turn_wait_seconds" ["limit"]
        "How long calls to a vendor waited for their turn, those that had none in the end included";
    VENDOR_PAUSES: Counter "waybill_vendor_pauses_total" ["limit"]
        "How often this process heard a vendor ask for a pause";
    POLLER_LOOKS: Counter "waybill_poller_looks_total" ["poller"]
        "How often a poller looked for what is due";
    POLLER_ROWS: Counter "waybill_poller_rows_total" ["poller" "outcome"]
        "What pollers worked on: `worked`, `panicked`, `cut-off` because it took too long, `given-back` at the end";
    POLLER_DUE: Gauge "waybill_poller_due" ["poller"]
        "What is due and waits for a poller; the same in every process over one database";
    POLLER_OVERDUE: Gauge "waybill_poller_overdue_seconds" ["poller"]
        "How long what is due the longest has been waiting for a poller; 0 when nothing waits";
    SCREENING_RESULTS: Counter "waybill_screening_results_total" ["vendor" "status"]
        "Results of screenings: `PROCESSED`, `ERROR`, of sanctions `NOHIT` and `SANCTION`";
    MEMBER_UP: Gauge "waybill_member_up" ["member"]
        "1 when the node of a member answers, 0 when not; one process polls, all that go to members show it";
    HTTP_REQUESTS: Counter "waybill_http_requests_total" ["api" "method" "route" "status"]
        "Requests answered, by `ingress`, `listener` or `admin`";
    HTTP_DURATION: Histogram "waybill_http_request_duration_seconds" ["api" "method" "route"]
        "How long requests took";
    DATABASE_UP: Gauge "waybill_database_up" []
        "1 when the database answers";
    DATABASE_DURATION: Histogram "waybill_database_work_duration_seconds" ["mode" "work"]
        "How long reads and transactions took, waiting for a connection and repetitions included";
    DATABASE_FAILURES: Counter "waybill_database_failures_total" ["mode"]
        "Reads and transactions that failed for good; those that found another state than expected are among them";
    BROKER_UP: Gauge "waybill_broker_up" []
        "1 when both connections to the broker are up; absent without a broker";
    DIRECTORY_ISSUED: Gauge "waybill_directory_issued_timestamp_seconds" []
        "When the directory in use was issued, Unix time";
    DIRECTORY_EXPIRES: Gauge "waybill_directory_expires_timestamp_seconds" []
        "When the directory in use expires, Unix time; after it no new verification is accepted";
    PROCESS_STARTED: Gauge "waybill_process_start_timestamp_seconds" []
        "When the process was started, Unix time";
    BUILD_INFO: Gauge "waybill_build_info" ["version" "service"]
        "Always 1; which version runs, as which service";
}

/// The metrics as a table in Markdown.
pub fn table() -> String {
    let mut table = "| metric | type | labels | meaning |\n|---|---|---|---|\n".to_owned();
    for metric in ALL {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} |",
            metric.name,
            metric.kind.as_str(),
            labels.join(", "),
            metric.meaning
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_prometheus() {
        for metric in ALL {
            let name = metric.name;
            assert!(name.starts_with("waybill_"), "{name}");
            assert_eq!(name.ends_with("_total"), metric.kind == Kind::Counter, "{name}");
            assert!(metric.kind != Kind::Histogram || name.ends_with("_seconds"), "{name}");
            assert!(!metric.meaning.ends_with('.'), "{name}");
            assert_eq!(ALL.iter().filter(|other| other.name == name).count(), 1, "{name}");
        }
    }
}

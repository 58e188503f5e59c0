//! The process and what it needs.

use metrics::gauge;

use crate::catalogue::*;

/// The process runs since then, Unix time in seconds.
pub fn started(at: f64, version: &'static str, service: &'static str) {
    gauge!(PROCESS_STARTED.name).set(at);
    gauge!(BUILD_INFO.name, "version" => version, "service" => service).set(1);
}

/// Whether the database answers.
pub fn database_up(up: bool) {
    gauge!(DATABASE_UP.name).set(if up { 1 } else { 0 });
}

/// Whether the broker is reached.
pub fn broker_up(up: bool) {
    gauge!(BROKER_UP.name).set(if up { 1 } else { 0 });
}

/// The directory in use; Unix times in seconds.
pub fn directory(issued_at: f64, expires_at: f64) {
    gauge!(DIRECTORY_ISSUED.name).set(issued_at);
    gauge!(DIRECTORY_EXPIRES.name).set(expires_at);
}

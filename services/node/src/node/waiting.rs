//! What a node that starts waits for.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a node needs before it is ready, in the order in which it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    Database,
    Schema,
    Keyring,
    Directory,
    Bus,
}

impl Check {
    pub const ALL: [Self; 5] = [Self::Database, Self::Schema, Self::Keyring, Self::Directory, Self::Bus];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Keyring => "keyring",
            Self::Directory => "directory",
            Self::Bus => "bus",
        }
    }
}

/// How far the start has come; shared with whoever is asked. Holds nothing secret: texts are those of the log.
#[derive(Clone)]
pub struct Waiting(Arc<Mutex<(Check, String)>>);

impl Default for Waiting {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Check::Database, STARTING.to_owned()))))
    }
}

const STARTING: &str = "the process is starting";

impl Waiting {
    /// It is `check` that is waited for, because.
    pub fn set(&self, check: Check, why: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (check, why);
    }

    /// It has come as far as `check`.
    pub fn reached(&self, check: Check) {
        self.set(check, STARTING.to_owned());
    }

    pub fn get(&self) -> (Check, String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The process was asked to stop before it was ready. No failure.
#[derive(Debug)]
pub struct Stopped;

impl std::error::Error for Stopped {}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped while waiting for what it needs")
    }
}

//! The answer to a report: it is stored.

use serde::{Deserialize, Serialize};

/// `{"result": true}`: the message was stored, or had been before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Always true; refusals have a status and a code.
    pub result: bool,
}

impl Acknowledgement {
    /// The only one there is.
    pub const STORED: Self = Self { result: true };
}

//! The body of a refusal.

use serde::{Deserialize, Serialize};
use waybill_domain::Fault;

/// Why a message was refused. A peer's texts are its own: bound their length before storing or showing them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code, for programs.
    pub code: String,
    /// Text for people.
    pub message: String,
}

impl From<&Fault> for Refusal {
    fn from(fault: &Fault) -> Self {
        Self { code: fault.code.to_string(), message: fault.message.to_string() }
    }
}

//! The four endpoints that a VASP's backend offers to its node.

use std::time::Duration;

use waybill_domain::text_enum;

text_enum! {
    /// One endpoint of a VASP's backend, named by the last segment of its path. In the order of a withdrawal.
    pub enum Endpoint {
        /// Does this address, and this name, belong to a customer?
        Account = "account",
        /// Who sends and who receives: accept or deny.
        Verification = "verification",
        /// How far is the transfer of this verification?
        Transaction = "transaction",
        /// What the node has to tell.
        Callback = "callback",
    }
}

impl Endpoint {
    /// How long the interface lets the backend take.
    pub const fn limit(self) -> Duration {
        match self {
            Self::Verification => Duration::from_secs(5),
            Self::Account | Self::Transaction | Self::Callback => Duration::from_secs(1),
        }
    }
}

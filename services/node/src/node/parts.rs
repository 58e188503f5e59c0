//! What a process does of all that a node does.

/// One service. A process runs all of them, or one; the others are then in processes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The private API.
    Ingress,
    /// The public listener, and everything that goes to other VASPs.
    Counterparty,
    /// Keys that counterparties seal to, and those that we seal to.
    Keys,
    /// Sanctions lists and KYT.
    Chainalysis,
    /// World-Check.
    Refinitiv,
    /// Delivery of callbacks.
    Callback,
    /// Looks after what the others leave: commands that are due, dead letters, deletion by age.
    Relay,
}

impl Part {
    /// A whole node.
    pub const ALL: [Self; 7] = [
        Self::Ingress,
        Self::Counterparty,
        Self::Keys,
        Self::Chainalysis,
        Self::Refinitiv,
        Self::Callback,
        Self::Relay,
    ];

    /// The command that runs it alone.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Counterparty => "counterparty",
            Self::Keys => "keys",
            Self::Chainalysis => "chainalysis",
            Self::Refinitiv => "refinitiv",
            Self::Callback => "callback",
            Self::Relay => "relay",
        }
    }
}

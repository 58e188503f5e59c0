//! The parts of the document.

/// A part of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// The node itself.
    Node,
    /// Members of the alliance.
    Vasps,
    /// Checks and verifications.
    Verifications,
    /// What follows a verification.
    Transfers,
    /// Screening of counterparties.
    RiskAssessment,
    /// What the backend is told.
    Callbacks,
    /// What the backend is asked.
    Backend,
}

impl Tag {
    /// Every part, in the order of reading.
    pub const ALL: &[Self] = &[
        Self::Node,
        Self::Vasps,
        Self::Verifications,
        Self::Transfers,
        Self::RiskAssessment,
        Self::Callbacks,
        Self::Backend,
    ];

    /// Its title.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Vasps => "VASPs",
            Self::Verifications => "Verifications",
            Self::Transfers => "Transfers",
            Self::RiskAssessment => "Risk assessment",
            Self::Callbacks => "Callbacks",
            Self::Backend => "Backend",
        }
    }

    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Node => "The node itself.",
            Self::Vasps => "The members of the alliance, as the signed directory lists them.",
            Self::Verifications => {
                "Does the address belong to a customer of that VASP, and who are the two customers of a transfer?"
            }
            Self::Transfers => {
                "What follows a verification: the transaction, or the news that there will be none."
            }
            Self::RiskAssessment => {
                "Who is on the other side of a transfer? Sanctions lists and KYT of Chainalysis, and World-Check One, each with the \
                 VASP's own key. No failure of a vendor ever counts as a clean result."
            }
            Self::Callbacks => {
                "Webhooks, part one: what the node tells the VASP's backend, at `backend.callback_url`. All types go to \
                 the same URL; `callbackType` tells them apart. Answer 200 within `backend.callback_timeout` (1 s), whatever \
                 the body; anything else is tried again. A callback may come more than once: `webhook-id` is the same each time."
            }
            Self::Backend => {
                "Webhooks, part two: endpoints that the VASP's backend implements and the node calls, each at a URL of its own \
                 in the settings. They must be idempotent: the node may ask more than once."
            }
        }
    }
}

//! Risk assessment: what is asked of screening vendors, and what they can say. Names are those of the interface's tables.

use crate::{Role, text_enum};

text_enum! {
    /// Which way the assets go, seen from this VASP.
    pub enum Direction {
        /// A withdrawal: the beneficiary is screened.
        Outgoing = "OUTGOING",
        /// A deposit: the originator is screened.
        Incoming = "INCOMING",
    }
}

impl Direction {
    /// The direction for whoever has this role.
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Originator => Self::Outgoing,
            Role::Beneficiary => Self::Incoming,
        }
    }
}

text_enum! {
    /// Who is asked, by the last segment of the endpoint's path.
    pub enum ScreeningVendor {
        /// Is this address on a sanctions list?
        ChainalysisSanction = "chainalysis-sanction",
        /// What is known of this address, or of this transaction?
        ChainalysisKyt = "chainalysis-kyt",
        /// Are these persons on a list? World-Check One.
        RefinitivWco = "refinitiv-wco",
    }
}

text_enum! {
    /// What a look into the sanctions lists found.
    pub enum SanctionStatus {
        /// The address is on no list.
        NoHit = "NOHIT",
        /// It is on one.
        Sanction = "SANCTION",
        /// Known to the interface's table; no vendor's answer leads to it.
        Closed = "CLOSED",
        /// Nothing is known: the vendor gave no answer that can be used.
        Error = "ERROR",
    }
}

text_enum! {
    /// What Chainalysis KYT is asked about.
    pub enum KytApiType {
        /// A transaction that was reported.
        Transfer = "TRANSFER",
        /// An address, before the transaction.
        Attempt = "ATTEMPT",
    }
}

text_enum! {
    /// How far a risk assessment has come that takes its time.
    pub enum ScreeningStatus {
        /// Ended without a result. Never to be read as clean.
        Error = "ERROR",
        /// To be registered with the vendor, or registered.
        Registered = "REGISTERED",
        /// The vendor was asked for the result and had none yet.
        Checking = "CHECKING",
        /// The result is there.
        Processed = "PROCESSED",
    }
}

impl ScreeningStatus {
    /// Whether nothing more is to come.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Error | Self::Processed)
    }
}

text_enum! {
    /// How bad a KYT alert is, in ascending order.
    pub enum AlertLevel {
        /// The least.
        Low = "LOW",
        /// More.
        Medium = "MEDIUM",
        /// Yet more.
        High = "HIGH",
        /// The most.
        Severe = "SEVERE",
    }
}

text_enum! {
    /// How the funds touch whom the alert is about.
    pub enum ExposureType {
        /// In this transfer.
        Direct = "DIRECT",
        /// Over others.
        Indirect = "INDIRECT",
    }
}

text_enum! {
    /// How well a person fits an entry of World-Check, in ascending order.
    pub enum MatchStrength {
        /// The least.
        Weak = "WEAK",
        /// More.
        Medium = "MEDIUM",
        /// Yet more.
        Strong = "STRONG",
        /// The most.
        Exact = "EXACT",
    }
}

text_enum! {
    /// Who wanted a risk assessment.
    pub enum ScreeningOrigin {
        /// The VASP's backend, through the API.
        Api = "API",
        /// The settings of automatic screening.
        Automatic = "AUTOMATIC",
    }
}

text_enum! {
    /// What can set automatic screening off.
    pub enum ScreeningEvent {
        /// A verification was accepted.
        Created = "created",
        /// It was answered with `VERIFIED`.
        Verified = "verified",
        /// The hash of its transaction was reported.
        Reported = "reported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_strengths_are_in_order() {
        assert!(AlertLevel::Low < AlertLevel::Medium && AlertLevel::High < AlertLevel::Severe);
        assert!(MatchStrength::Weak < MatchStrength::Medium && MatchStrength::Strong < MatchStrength::Exact);
    }

    #[test]
    fn the_originator_sends() {
        assert_eq!(Direction::of(Role::Originator).as_str(), "OUTGOING");
        assert_eq!(Direction::of(Role::Beneficiary).as_str(), "INCOMING");
    }
}

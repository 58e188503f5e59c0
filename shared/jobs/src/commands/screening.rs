//! Automatic screening: work of the services `chainalysis` and `refinitiv`.

use serde::{Deserialize, Serialize};
use waybill_domain::{Role, VerificationUuid};

use super::Command;

macro_rules! screening {
    ($($(#[$doc:meta])+ $name:ident, $kind:literal;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug, Clone, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The verification.
                pub verification_uuid: VerificationUuid,
                /// Our role in it.
                pub role: Role,
            }

            impl Command for $name {
                const KIND: &'static str = $kind;
            }
        )+
    };
}

screening! {
    /// See whether the counterparty's address is on a sanctions list.
    ScreenAddress, "SCREEN_SANCTION";
    /// Have Chainalysis KYT assess the counterparty's address, or the transaction.
    ScreenTransfer, "SCREEN_KYT";
    /// Have World-Check screen the counterparty's persons.
    ScreenPersons, "SCREEN_WCO";
}

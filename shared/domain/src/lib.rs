//! Ids, amounts, states and their legal transitions, refusals. No IO, no async.
#![deny(missing_docs)]

mod account;
mod amount;
mod asset;
mod clock;
pub mod codes;
mod entropy;
mod fault;
mod ids;
mod info_code;
pub mod iso_time;
mod key_type;
pub mod limits;
pub mod reason;
mod role;
mod screening;
mod share;
mod slots;
mod text_enum;
mod transaction;
mod transitions;
mod verification;

pub use account::AccountVerificationResult;
pub use amount::{Amount, AmountError};
pub use asset::AssetInfo;
pub use clock::{Clock, SharedClock, Timestamp, truncate_to_millis};
pub use entropy::{Entropy, EntropyRng, SharedEntropy};
pub use fault::Fault;
pub use ids::{ApiKeyId, CommandId, IdError, VaspId, VerificationUuid};
pub use info_code::{InfoCode, RequiredBeneficiaryInfo};
pub use iso_time::{TimeError, format_time, parse_time};
pub use key_type::KeyType;
pub use role::Role;
pub use screening::{
    AlertLevel, Direction, ExposureType, KytApiType, MatchStrength, SanctionStatus, ScreeningEvent,
    ScreeningOrigin, ScreeningStatus, ScreeningVendor,
};
pub use share::{Place, Share};
pub use slots::{SlotRule, Slots};
pub use text_enum::UnknownName;
pub use transaction::TransactionStatus;
pub use transitions::{
    Event, IllegalTransition, TRANSITIONS, Transition, VerificationState, apply, transitions_markdown,
};
pub use verification::{ReportedError, Verdict, VerificationResult};

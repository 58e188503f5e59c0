//! What the values of the interfaces look like.

mod asset;
mod ids;
pub mod ivms101;
mod outcome;
mod refusal;
mod screening;
mod time;

pub use asset::{asset_info, network, symbol};
pub use ids::{account_number, example_uuid, tx_hash, uuid, vasp_id, vout};
pub use ivms101::payload_version;
pub use outcome::{account_result, key_type, message, reason, required_beneficiary_info, transaction_status};
pub use refusal::refusal;
pub use screening::{
    EXAMPLE_REQUEST, aggregated_summary, case_system_id, chainalysis_kyt, chainalysis_kyt_alerts,
    chainalysis_sanction, direction, example_kyt, example_kyt_alert, example_sanction, example_wco,
    match_strength, refinitiv_world_check_one, request_id, screening_reason, screening_status,
};
pub use time::{read_time, written_time};

/// The verification of all examples.
pub const EXAMPLE_UUID: &str = "69a310e6-810f-4a31-83d1-bcdafccf5304";
/// We, in all examples.
pub const EXAMPLE_OWN_ID: &str = "15952089931162059995";
/// The counterparty of all examples.
pub const EXAMPLE_COUNTERPARTY: &str = "27372039731940770";
/// The beneficiary's account in all examples.
pub const EXAMPLE_ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";

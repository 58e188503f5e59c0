//! Rows for the database alone.

use waybill_domain::{AssetInfo, Clock as _, KeyType, VaspId, VerificationUuid, parse_time};
use waybill_runtime::SystemClock;
use waybill_store::tables::verifications::NewVerification;

/// The VASP whose rows they are.
pub const OWN: VaspId = VaspId::new(15_952_089_931_162_059_995);

/// The uuid of the row with this number.
pub fn uuid(number: u64) -> VerificationUuid {
    let mut uuid = [0; 16];
    uuid[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    uuid[8..].copy_from_slice(&number.to_be_bytes());
    VerificationUuid::from_random(uuid)
}

/// A row as a verification with a payload of 2 KB leaves it.
pub fn row(number: u64) -> NewVerification {
    let now = SystemClock.now();
    NewVerification {
        uuid: uuid(number),
        asset: AssetInfo {
            symbol: "ETH".to_owned(),
            network: Some("Ethereum".to_owned()),
            amount: "1.5".parse().unwrap_or_else(|_| unreachable!("a good amount")),
            is_exceeding_threshold: true,
            trade_price: "2500.00".parse().unwrap_or_else(|_| unreachable!("a good price")),
            trade_currency: "USD".to_owned(),
            trade_iso_datetime: parse_time("2026-03-03T21:52:08.092Z").unwrap_or(now),
        },
        originating_vasp_id: OWN,
        originator_account_number: format!("0x{number:040x}"),
        originator_sealed: "x".repeat(2400),
        originating_vasp_sealed: "x".repeat(500),
        beneficiary_vasp_id: VaspId::new(27_372_039_731_940_770),
        beneficiary_account_number: format!("0x{:040x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        beneficiary_sealed: "x".repeat(400),
        beneficiary_vasp_sealed: "x".repeat(500),
        created_at: now,
        key_type: KeyType::PerVasp,
        payload_version: "1.0".to_owned(),
        required_beneficiary_info: "NATURAL_PERSON_NAME,ACCOUNT_NUMBER".to_owned(),
        expires_at: now,
    }
}

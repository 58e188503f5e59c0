//! Verifications of ours, as far as a risk assessment looks at them.

use serde_json::json;
use waybill_domain::{Event, KeyType, Role, Timestamp, VaspId, Verdict, VerificationState, VerificationUuid};
use waybill_store::Tx;
use waybill_store::tables::verifications::{self, Change, NewVerification};

pub const OURS: VaspId = VaspId::new(27_372_039_731_940_770);
/// Larger than an i64.
pub const PEER: VaspId = VaspId::new(15_952_089_931_162_059_995);
pub const BENEFICIARY: &str = "0xbb3fd383d1C5540e52ef0a7Bcb9433375793aeaf";
pub const ORIGINATOR: &str = "0x1111111111111111111111111111111111111111";
pub const HASH: &str = "0x7f0e4a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7";

/// What a test wants of one.
#[derive(Clone)]
pub struct Wish {
    pub uuid: VerificationUuid,
    pub role: Role,
    pub peer: VaspId,
    pub symbol: &'static str,
    pub network: Option<&'static str>,
    pub beneficiary: String,
    pub originator: String,
    pub is_waiting: bool,
    pub transaction: Option<(String, Option<String>)>,
}

impl Wish {
    /// A verified one, in which we are this side.
    pub fn of(byte: u8, role: Role) -> Self {
        Self {
            uuid: VerificationUuid::from_random([byte; 16]),
            role,
            peer: PEER,
            symbol: "ETH",
            network: Some("Ethereum"),
            beneficiary: BENEFICIARY.to_owned(),
            originator: ORIGINATOR.to_owned(),
            is_waiting: false,
            transaction: None,
        }
    }

    /// The hash is reported.
    pub fn reported(mut self) -> Self {
        self.transaction = Some((HASH.to_owned(), None));
        self
    }

    pub async fn store(&self, tx: &mut Tx, now: Timestamp) -> Result<(), waybill_store::StoreError> {
        assert!(verifications::insert(tx, &self.row(now)).await?);
        if self.is_waiting {
            return Ok(());
        }
        let from = VerificationState {
            result: waybill_domain::VerificationResult::Wait,
            transaction_reported: false,
        };
        let change = Change { reason: Some("OK".to_owned()), ..Change::default() };
        assert!(
            verifications::advance(tx, self.uuid, from, Event::Answered(Verdict::Verified), &change).await?
        );
        let Some(transaction) = &self.transaction else { return Ok(()) };
        let from = VerificationState {
            result: waybill_domain::VerificationResult::Verified,
            transaction_reported: false,
        };
        let change = Change { transaction: Some(transaction.clone()), ..Change::default() };
        assert!(verifications::advance(tx, self.uuid, from, Event::TransactionReported, &change).await?);
        Ok(())
    }

    fn row(&self, now: Timestamp) -> NewVerification {
        let (originating, beneficiary) = match self.role {
            Role::Originator => (OURS, self.peer),
            Role::Beneficiary => (self.peer, OURS),
        };
        let mut asset = json!({
            "symbol": self.symbol, "amount": "1", "isExceedingThreshold": true, "tradePrice": "1820.17",
            "tradeCurrency": "USD", "tradeISODatetime": "2026-01-02T03:04:05.000Z",
        });
        if let Some(network) = self.network {
            asset["network"] = network.into();
        }
        NewVerification {
            uuid: self.uuid,
            asset: serde_json::from_value(asset).unwrap(),
            originating_vasp_id: originating,
            originator_account_number: self.originator.clone(),
            originator_sealed: String::new(),
            originating_vasp_sealed: String::new(),
            beneficiary_vasp_id: beneficiary,
            beneficiary_account_number: self.beneficiary.clone(),
            beneficiary_sealed: String::new(),
            beneficiary_vasp_sealed: String::new(),
            created_at: now,
            key_type: KeyType::PerVasp,
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: String::new(),
            expires_at: now + chrono_minutes(10),
        }
    }
}

fn chrono_minutes(minutes: u64) -> std::time::Duration {
    std::time::Duration::from_secs(60 * minutes)
}

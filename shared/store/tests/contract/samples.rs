//! Ids, times and rows that the tests use, and the shortest way to store and find them.

use std::time::Duration;

use chrono::DateTime;
use waybill_domain::{
    AssetInfo, CommandId, Event, KeyType, Timestamp, VaspId, Verdict, VerificationState, VerificationUuid,
};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandLease, CommandRow, NewCommand};
use waybill_store::tables::verifications::{self, Change, NewVerification, VerificationRow};

use crate::house::House;

/// Above what a signed integer holds.
pub const OWN: VaspId = VaspId::new(15952089931162059995);
pub const PEER: VaspId = VaspId::new(27372039731940770);
pub const OTHER_PEER: VaspId = VaspId::new(u64::MAX);

/// How long "at some time" may take on a slow machine.
pub const SOON: Duration = Duration::from_secs(20);
/// A lease that no test outlives.
pub const LONG: Duration = Duration::from_secs(3600);

/// So many milliseconds after 2026-01-02 03:04:05 UTC.
pub fn at(millis: i64) -> Timestamp {
    DateTime::from_timestamp_millis(1_767_323_045_000 + millis).unwrap()
}

pub fn uuid(number: u32) -> VerificationUuid {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    VerificationUuid::from_random(bytes)
}

/// A verification that we ask of [`PEER`], accepted `number` milliseconds after the beginning.
pub fn verification(number: u32) -> NewVerification {
    NewVerification {
        uuid: uuid(number),
        asset: AssetInfo {
            symbol: "ETH".to_owned(),
            network: Some("Ethereum".to_owned()),
            amount: "1.50".parse().unwrap(),
            is_exceeding_threshold: true,
            trade_price: "2500000".parse().unwrap(),
            trade_currency: "KRW".to_owned(),
            trade_iso_datetime: at(-1000),
        },
        originating_vasp_id: OWN,
        originator_account_number: format!("0xOriginator{number}"),
        originator_sealed: "sealed originator".to_owned(),
        originating_vasp_sealed: "sealed originating VASP".to_owned(),
        beneficiary_vasp_id: PEER,
        beneficiary_account_number: format!("0xBeneficiary{number}"),
        beneficiary_sealed: "sealed beneficiary".to_owned(),
        beneficiary_vasp_sealed: "sealed beneficiary VASP".to_owned(),
        created_at: at(number.into()),
        key_type: KeyType::PerVasp,
        payload_version: "1.0".to_owned(),
        required_beneficiary_info: "NATURAL_PERSON_NAME,ACCOUNT_NUMBER".to_owned(),
        expires_at: at(600_000),
    }
}

pub const KIND: &str = "VERIFY";

/// A command that is due at once. Ids ascend with `number`.
pub fn command(number: i64) -> NewCommand {
    let body = format!("{{\"verificationUuid\":\"{}\"}}", uuid(7));
    NewCommand::new(CommandId::new(i64::MAX - 1_000_000 + number), KIND, body, at(number))
}

pub fn lease(token: &str, length: Duration) -> CommandLease {
    CommandLease { token: token.to_owned(), length }
}

impl House {
    /// Stores verifications; gives which of them were new.
    pub async fn add(&self, all: Vec<NewVerification>) -> Vec<bool> {
        let added = self.write(all, |tx, all| {
            Box::pin(async move {
                let mut added = Vec::new();
                for new in all {
                    added.push(verifications::insert(tx, new).await?);
                }
                Ok(added)
            })
        });
        added.await.unwrap()
    }

    pub async fn find(&self, uuid: VerificationUuid) -> Option<VerificationRow> {
        self.read(uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid))).await.unwrap()
    }

    pub async fn advance(
        &self,
        uuid: VerificationUuid,
        from: VerificationState,
        event: Event,
        change: Change,
    ) -> bool {
        let work = (uuid, from, event, change);
        let changed = self.write(work, |tx, (uuid, from, event, change)| {
            Box::pin(verifications::advance(tx, *uuid, *from, *event, change))
        });
        changed.await.unwrap()
    }

    /// The beneficiary VASP confirms.
    pub async fn verify(&self, uuid: VerificationUuid) {
        let event = Event::Answered(Verdict::Verified);
        assert!(self.advance(uuid, VerificationState::WAIT, event, Change::default()).await);
    }

    /// The originator reports the hash.
    pub async fn report(&self, uuid: VerificationUuid, tx_hash: &str) {
        let change = Change { transaction: Some((tx_hash.to_owned(), None)), ..Change::default() };
        let from = VerificationState::VERIFIED;
        assert!(self.advance(uuid, from, Event::TransactionReported, change).await);
    }

    pub async fn add_commands(&self, all: Vec<NewCommand>) {
        let added = self.write(all, |tx, all| {
            Box::pin(async move {
                for new in all {
                    commands::insert(tx, new).await?;
                }
                Ok(())
            })
        });
        added.await.unwrap();
    }

    /// Claims up to `limit` commands of [`KIND`]. `token` must be new for each call.
    pub async fn claim(&self, limit: u32, token: &str, length: Duration) -> Vec<ClaimedCommand> {
        let claimed = self.write((limit, lease(token, length)), |tx, (limit, lease)| {
            Box::pin(commands::claim(tx, KIND, *limit, lease))
        });
        claimed.await.unwrap()
    }

    pub async fn finish(&self, command: &ClaimedCommand) -> Result<(), StoreError> {
        self.write(command.clone(), |tx, command| Box::pin(commands::finish(tx, command))).await
    }

    pub async fn command(&self, new: &NewCommand) -> CommandRow {
        self.read(new.id, |tx, id| Box::pin(commands::find(tx, *id))).await.unwrap().unwrap()
    }
}

/// The last digits of the ids, in order.
pub fn numbers(claimed: &[ClaimedCommand]) -> Vec<i64> {
    claimed.iter().map(|command| command.id.get() - (i64::MAX - 1_000_000)).collect()
}

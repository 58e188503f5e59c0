//! Risk assessments that the tests use, and the shortest way to store and find them.

use std::time::Duration;

use waybill_domain::{
    AlertLevel, Direction, ExposureType, KytApiType, SanctionStatus, ScreeningOrigin, ScreeningStatus,
    Timestamp,
};
use waybill_store::tables::clock;
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, Assessed, KytRow, NewKyt, Registered};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco, WcoRow};
use waybill_store::{StoreError, Tx};

use crate::house::House;
use crate::samples::*;

/// Takes four bytes, and two units of UTF-16.
pub const WIDE: &str = "𝔛";

/// So many characters of four bytes.
pub fn wide(characters: usize) -> String {
    WIDE.repeat(characters)
}

/// A look-up for verification `number`, made `number` milliseconds after the beginning.
pub fn sanction(number: u32) -> SanctionResult {
    SanctionResult {
        request_id: format!("sanction-{number}"),
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        direction: Direction::Outgoing,
        address: format!("0xBeneficiary{number}"),
        status: SanctionStatus::NoHit,
        ofac_name: None,
        ofac_description: None,
        ofac_url: None,
        reason: None,
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Api,
        shares_request: None,
        created_at: at(number.into()),
    }
}

/// A KYT request for verification `number`, due at once.
pub fn kyt(number: u32) -> NewKyt {
    NewKyt {
        request_id: format!("kyt-{number}"),
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        api_type: KytApiType::Transfer,
        user_id: PEER.to_string(),
        direction: Direction::Outgoing,
        network: Some("Ethereum".to_owned()),
        asset: "ETH".to_owned(),
        amount: "1.50".to_owned(),
        transfer_ref: Some("0xHash:0xBeneficiary".to_owned()),
        output_address: Some("0xBeneficiary".to_owned()),
        address: "0xBeneficiary".to_owned(),
        timestamp: Some(at(-5)),
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Automatic,
        external_id: None,
        registered_at: None,
        shares_request: None,
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        created_at: at(number.into()),
        lease: None,
    }
}

/// The same, registered with the vendor under an id.
pub fn registered_kyt(number: u32, external_id: &str) -> NewKyt {
    let (external_id, registered_at) = (Some(external_id.to_owned()), Some(at(number.into())));
    NewKyt { external_id, registered_at, ..kyt(number) }
}

/// A World-Check request for verification `number`, due at once.
pub fn wco(number: u32) -> NewWco {
    NewWco {
        request_id: format!("wco-{number}"),
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        direction: Direction::Incoming,
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Api,
        traceparent: None,
        created_at: at(number.into()),
        lease: None,
    }
}

/// The case of one person of [`wco`].
pub fn case(number: u32, person: u32) -> WcoCase {
    WcoCase {
        request_id: format!("wco-{number}"),
        person,
        case_id: format!("case-{number}-{person}"),
        case_system_id: None,
        entity_type: EntityType::Individual,
        subject_fingerprint: format!("fingerprint-{person}"),
        asked_sealed: format!("k1.asked-{number}-{person}"),
        status: ScreeningStatus::Registered,
        screening_requested_at: None,
        match_strength: None,
        total_matches: None,
        summary_sealed: None,
        shares_case: None,
        reason: None,
        assessed_at: None,
        created_at: at(number.into()),
    }
}

pub fn alert(external_id: &str, alert_id: &str) -> KytAlert {
    KytAlert {
        external_id: external_id.to_owned(),
        alert_id: alert_id.to_owned(),
        alert_level: AlertLevel::Medium,
        entity_category: Some("darknet market".to_owned()),
        service_name: Some("Invented Market".to_owned()),
        exposure_type: ExposureType::Direct,
        alert_amount: "8915.19520000".to_owned(),
        created_at: at(1),
    }
}

/// What a vendor says of a KYT request that is through.
pub fn assessed() -> Assessed {
    Assessed {
        network: Some("Bitcoin".to_owned()),
        asset: Some("BTC".to_owned()),
        amount: Some("0.10".to_owned()),
        usd_price: Some("4032.50".to_owned()),
        output_address: Some("1Beneficiary".to_owned()),
        timestamp: Some(at(-7)),
        alert_count: 2,
        assessed_at: Some(at(900)),
        at: at(1000),
        look_again: None,
    }
}

pub fn taken_on(external_id: &str) -> Registered {
    let external_id = external_id.to_owned();
    Registered { external_id, network: None, key_id: None, shares_request: None, at: at(500) }
}

/// Ends all KYT requests of [`kyt`], whoever has them: nothing is to be done about them any more.
pub async fn finish_kyt(tx: &mut Tx) -> Result<(), StoreError> {
    for row in
        kyt_results::claim(tx, "the finisher", LONG, 1000, Some(at(i64::from(u32::MAX) * 1000))).await?
    {
        kyt_results::failed(tx, &row.request_id, "the finisher", "GONE", at(9)).await?;
    }
    Ok(())
}

impl House {
    pub async fn add_sanction(&self, new: SanctionResult) -> Result<bool, StoreError> {
        self.write(new, |tx, new| Box::pin(sanction_results::insert(tx, new))).await
    }

    pub async fn sanction(&self, request_id: &str) -> Option<SanctionResult> {
        let found = self.read(request_id.to_owned(), |tx, id| Box::pin(sanction_results::find(tx, id)));
        found.await.unwrap()
    }

    pub async fn add_kyt(&self, new: NewKyt) -> Result<bool, StoreError> {
        self.write(new, |tx, new| Box::pin(kyt_results::insert(tx, new))).await
    }

    pub async fn kyt(&self, number: u32) -> KytRow {
        let found = self.read(format!("kyt-{number}"), |tx, id| Box::pin(kyt_results::find(tx, id)));
        found.await.unwrap().unwrap()
    }

    /// Leases KYT requests that are due; by the database's clock, or at a time.
    pub async fn claim_kyt(
        &self,
        worker: &str,
        length: Duration,
        limit: u32,
        now: Option<Timestamp>,
    ) -> Vec<KytRow> {
        let claimed =
            self.write((worker.to_owned(), length, limit, now), |tx, (worker, length, limit, now)| {
                Box::pin(kyt_results::claim(tx, worker, *length, *limit, *now))
            });
        claimed.await.unwrap()
    }

    pub async fn assess_kyt(&self, number: u32, worker: &str, said: Assessed) -> Result<(), StoreError> {
        let args = (format!("kyt-{number}"), worker.to_owned(), said);
        self.write(args, |tx, (id, worker, said)| Box::pin(kyt_results::assessed(tx, id, worker, said))).await
    }

    pub async fn add_alerts(&self, alerts: Vec<KytAlert>) -> Vec<bool> {
        let added = self.write(alerts, |tx, alerts| {
            Box::pin(async move {
                let mut added = Vec::new();
                for alert in alerts {
                    added.push(kyt_alerts::put(tx, alert).await?);
                }
                Ok(added)
            })
        });
        added.await.unwrap()
    }

    /// Stores a World-Check request with its cases.
    pub async fn add_wco(&self, new: NewWco, cases: Vec<WcoCase>) -> Result<bool, StoreError> {
        let added = self.write((new, cases), |tx, (new, cases)| {
            Box::pin(async move {
                let is_new = wco_results::insert(tx, new).await?;
                for case in cases {
                    wco_cases::insert(tx, case).await?;
                }
                Ok(is_new)
            })
        });
        added.await
    }

    pub async fn wco(&self, number: u32) -> WcoRow {
        let found = self.read(format!("wco-{number}"), |tx, id| Box::pin(wco_results::find(tx, id)));
        found.await.unwrap().unwrap()
    }

    pub async fn cases(&self, number: u32) -> Vec<WcoCase> {
        let found = self.read(format!("wco-{number}"), |tx, id| Box::pin(wco_cases::of_request(tx, id)));
        found.await.unwrap()
    }

    pub async fn claim_wco(
        &self,
        worker: &str,
        length: Duration,
        limit: u32,
        now: Option<Timestamp>,
    ) -> Vec<WcoRow> {
        let claimed =
            self.write((worker.to_owned(), length, limit, now), |tx, (worker, length, limit, now)| {
                Box::pin(wco_results::claim(tx, worker, *length, *limit, *now))
            });
        claimed.await.unwrap()
    }

    /// The database's clock.
    pub async fn now(&self) -> Timestamp {
        self.read((), |tx, ()| Box::pin(clock::now(tx))).await.unwrap()
    }
}

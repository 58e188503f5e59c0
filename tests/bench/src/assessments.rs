//! The room that risk assessments take: requests as vendors answer them, in each database.

use std::time::Duration;

use waybill_domain::{
    AlertLevel, Clock as _, Direction, ExposureType, KytApiType, MatchStrength, SanctionStatus,
    ScreeningOrigin, ScreeningStatus, Timestamp, VaspId,
};
use waybill_runtime::SystemClock;
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, Assessed, NewKyt};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::sizes;
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco, Screened};
use waybill_store::{Store, StoreError, Tx};
use waybill_testkit::TestFolder;

use crate::database::{Database, store};
use crate::row::uuid;

const REQUESTS: u64 = 10_000;
const AT_A_TIME: u64 = 500;
/// One address in so many is on a list.
const HIT_EVERY: u64 = 10;
/// The mean over requests; half of them have none.
const ALERTS_EVERY_OTHER: u64 = 2;
const PEER: VaspId = VaspId::new(27_372_039_731_940_770);
const WORKER: &str = "0011223344556677-chainalysis-kyt";
const LEASE: Duration = Duration::from_secs(60);

const TABLES: [&str; 6] = [
    "chainalysis_sanction_results",
    "chainalysis_kyt_results",
    "chainalysis_kyt_alerts",
    "kyt_alert_sightings",
    "refinitiv_wco_results",
    "refinitiv_wco_cases",
];

pub async fn run() -> anyhow::Result<()> {
    for database in Database::all() {
        let (folder, fresh) = (TestFolder::new(), database.fresh());
        let opened = store(fresh.as_ref(), &folder).await?;
        let mut at = 0;
        while at < REQUESTS {
            let batch = opened.write("bench::fill", at..at + AT_A_TIME, |tx, numbers| {
                Box::pin(async move {
                    for number in numbers.clone() {
                        fill(tx, number, SystemClock.now()).await?;
                    }
                    Ok::<_, StoreError>(())
                })
            });
            batch.await?;
            at += AT_A_TIME;
        }
        if let Some(fresh) = fresh.as_ref().filter(|_| database.name() == "MariaDB") {
            fresh.query(&format!("ANALYZE TABLE {}", TABLES.join(", "))); // its sizes are estimates
        }
        report(database.name(), &opened).await?;
        opened.close().await;
    }
    Ok(())
}

async fn report(name: &str, store: &Store) -> anyhow::Result<()> {
    for table in TABLES {
        let bytes = store.read("bench::size", table, |tx, table| Box::pin(sizes::of_table(tx, table)));
        let bytes: Result<u64, StoreError> = bytes.await;
        println!("{name:<11} {table:<29} {:>5} bytes per request, with indexes", bytes? / REQUESTS);
    }
    Ok(())
}

/// What a verification leaves whose address, transaction and two persons were looked at.
async fn fill(tx: &mut Tx, number: u64, at: Timestamp) -> Result<(), StoreError> {
    sanction_results::insert(tx, &look_up(number, at)).await?;
    let request_id = uuid(number + 1).to_string();
    kyt_results::insert(tx, &transfer(number, request_id.clone(), at)).await?;
    let alerts: u32 = if number.is_multiple_of(ALERTS_EVERY_OTHER) { 2 } else { 0 };
    for alert in 0..alerts {
        kyt_alerts::put(tx, &kyt_alert(number, u64::from(alert), at)).await?;
    }
    kyt_results::assessed(tx, &request_id, WORKER, &assessed(number, alerts, at)).await?;
    let request_id = uuid(number + 2).to_string();
    wco_results::insert(tx, &persons(number, request_id.clone(), at)).await?;
    for person in 0..2 {
        let case = case(number, person, &request_id, at);
        wco_cases::insert(tx, &case).await?;
        wco_cases::update(tx, &case, at).await?;
    }
    wco_results::screened(tx, &request_id, WORKER, &screened(number, at)).await
}

fn look_up(number: u64, at: Timestamp) -> SanctionResult {
    let is_hit = number.is_multiple_of(HIT_EVERY);
    let of_hit = |text: &str| is_hit.then(|| text.to_owned());
    SanctionResult {
        request_id: uuid(number).to_string(),
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        direction: Direction::Outgoing,
        address: format!("0x{number:040x}"),
        status: if is_hit { SanctionStatus::Sanction } else { SanctionStatus::NoHit },
        ofac_name: of_hit("SANCTIONS: OFAC SDN Invented Person 2021-04-15"),
        ofac_description: of_hit(
            &"Invented: this address is on a list, for reasons that fill some lines. ".repeat(8),
        ),
        ofac_url: of_hit("https://lists.example/press-releases/0126"),
        reason: None,
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Api,
        shares_request: None,
        created_at: at,
    }
}

fn transfer(number: u64, request_id: String, at: Timestamp) -> NewKyt {
    let address = format!("0x{number:040x}");
    NewKyt {
        request_id,
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        api_type: KytApiType::Transfer,
        user_id: PEER.to_string(),
        direction: Direction::Outgoing,
        network: Some("Ethereum".to_owned()),
        asset: "ETH".to_owned(),
        amount: "1.500000000000000000".to_owned(),
        transfer_ref: Some(format!("0x{number:064x}:{address}")),
        output_address: Some(address.clone()),
        address,
        timestamp: Some(at),
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Api,
        external_id: Some(external_id(number)),
        registered_at: Some(at),
        shares_request: None,
        traceparent: Some(format!("00-{number:032x}-{number:016x}-01")),
        created_at: at,
        lease: Some((WORKER.to_owned(), LEASE)),
    }
}

fn external_id(number: u64) -> String {
    uuid(number + 3).to_string()
}

fn assessed(number: u64, alert_count: u32, at: Timestamp) -> Assessed {
    Assessed {
        network: None,
        asset: None,
        amount: None,
        usd_price: Some("4032.5071".to_owned()),
        output_address: Some(format!("0x{number:040x}")),
        timestamp: Some(at),
        alert_count,
        assessed_at: Some(at),
        at,
        look_again: None,
    }
}

fn kyt_alert(number: u64, alert: u64, at: Timestamp) -> KytAlert {
    KytAlert {
        external_id: external_id(number),
        alert_id: uuid(number * 2 + alert).to_string(),
        alert_level: AlertLevel::High,
        entity_category: Some("sanctioned entity".to_owned()),
        service_name: Some("Invented Market 2021-04-15".to_owned()),
        exposure_type: ExposureType::Indirect,
        alert_amount: "8915.19520000".to_owned(),
        created_at: at,
    }
}

fn persons(number: u64, request_id: String, at: Timestamp) -> NewWco {
    NewWco {
        request_id,
        verification_uuid: uuid(number),
        counterparty_vasp_id: PEER,
        direction: Direction::Outgoing,
        key_id: Some("0a1b2c3d".to_owned()),
        origin: ScreeningOrigin::Api,
        traceparent: Some(format!("00-{number:032x}-{number:016x}-01")),
        created_at: at,
        lease: Some((WORKER.to_owned(), LEASE)),
    }
}

/// As long as what is sealed: a third longer than a summary of 700 characters.
fn sealed(characters: usize) -> String {
    format!("k1.{}", "x".repeat(characters))
}

fn case(number: u64, person: u32, request_id: &str, at: Timestamp) -> WcoCase {
    WcoCase {
        request_id: request_id.to_owned(),
        person,
        case_id: uuid(number * 2 + u64::from(person) + 5).to_string(),
        case_system_id: Some(format!("5jb{number:029x}{person}")),
        entity_type: EntityType::Individual,
        subject_fingerprint: format!("{number:060x}{person:04x}"),
        asked_sealed: sealed(300),
        status: ScreeningStatus::Processed,
        screening_requested_at: Some(at),
        match_strength: Some(MatchStrength::Weak),
        total_matches: Some(3),
        summary_sealed: Some(sealed(1000)),
        shares_case: None,
        reason: None,
        assessed_at: Some(at),
        created_at: at,
    }
}

fn screened(number: u64, at: Timestamp) -> Screened {
    Screened {
        case_system_id: format!("5jb{number:029x}0"),
        summary_sealed: Some(sealed(1000)),
        match_strength: Some(MatchStrength::Weak),
        total_matches: 6,
        assessed_at: Some(at),
        at,
    }
}

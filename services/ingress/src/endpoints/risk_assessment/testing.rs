//! The services of the vendors, and rows as they store them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_domain::{
    AlertLevel, Direction, ExposureType, Fault, KytApiType, MatchStrength, SanctionStatus, ScreeningOrigin,
    ScreeningStatus, Timestamp, VerificationUuid,
};
use waybill_jobs::{Request, ScreeningAnswer};
use waybill_store::StoreError;
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, Assessed, NewKyt, Registered};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco, Screened};
use waybill_vault::ScreeningColumn;

use crate::testing::{Api, ROBOT};

pub(super) const REQUEST: &str = "f7231c6f-f1e7-4ae7-b143-2c87cd38abe9";
pub(super) const EXTERNAL: &str = "79382ac9-c7be-3fab-ad56-8c61c654e2fc";
pub(super) const ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
const WORKER: &str = "w";
const HOUR: Duration = Duration::from_secs(3600);

/// The service of a vendor: what it was asked, and what it says; nothing: it never answers.
pub(super) struct Service<Q> {
    asked: Arc<Mutex<Vec<Q>>>,
    says: Option<Result<String, Fault>>,
}

impl<Q> Service<Q>
where
    Q: Request<Answer = ScreeningAnswer> + Clone + 'static,
{
    /// Serves, and gives what is asked.
    pub(super) fn serve(api: &Api, says: Option<Result<String, Fault>>) -> Arc<Mutex<Vec<Q>>> {
        let asked = Arc::default();
        api.ctx.bus.serve(Self { asked: Arc::clone(&asked), says }, 4);
        asked
    }

    /// Serves, and answers with [`REQUEST`].
    pub(super) fn serve_one(api: &Api) -> Arc<Mutex<Vec<Q>>> {
        Self::serve(api, Some(Ok(REQUEST.to_owned())))
    }
}

#[async_trait]
impl<Q> RequestHandler<Q> for Service<Q>
where
    Q: Request<Answer = ScreeningAnswer> + 'static,
{
    async fn answer(&self, question: Q) -> Result<ScreeningAnswer, Fault> {
        self.asked.lock().unwrap().push(question);
        match &self.says {
            Some(said) => said.clone().map(|request_id| ScreeningAnswer { request_id }),
            None => std::future::pending().await,
        }
    }
}

/// A request id; larger numbers come later in their order.
pub(super) fn id(number: u16) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

pub(super) fn uuid(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}

impl Api {
    /// A look-up without a hit.
    pub(super) fn no_hit(&self, request_id: &str) -> SanctionResult {
        SanctionResult {
            request_id: request_id.to_owned(),
            verification_uuid: uuid(1),
            counterparty_vasp_id: ROBOT.parse().unwrap(),
            direction: Direction::Outgoing,
            address: ADDRESS.to_owned(),
            status: SanctionStatus::NoHit,
            ofac_name: None,
            ofac_description: None,
            ofac_url: None,
            reason: None,
            key_id: Some("12345678".to_owned()),
            origin: ScreeningOrigin::Api,
            shares_request: None,
            created_at: self.clock_now(),
        }
    }

    pub(super) async fn add_sanction(&self, row: SanctionResult) {
        let written =
            self.ctx.store.write("test", row, |tx, row| Box::pin(sanction_results::insert(tx, row)));
        let written: Result<bool, StoreError> = written.await;
        assert!(written.unwrap());
    }

    /// A KYT request about a deposit that is registered, not more.
    pub(super) fn kyt(&self, request_id: &str) -> NewKyt {
        NewKyt {
            request_id: request_id.to_owned(),
            verification_uuid: uuid(2),
            counterparty_vasp_id: ROBOT.parse().unwrap(),
            api_type: KytApiType::Transfer,
            user_id: ROBOT.to_owned(),
            direction: Direction::Incoming,
            network: Some("Ethereum".to_owned()),
            asset: "ETH".to_owned(),
            amount: "1.5".to_owned(),
            transfer_ref: Some(format!("0x9f2c:{ADDRESS}")),
            output_address: None,
            address: ADDRESS.to_owned(),
            timestamp: None,
            key_id: Some("12345678".to_owned()),
            origin: ScreeningOrigin::Automatic,
            external_id: None,
            registered_at: None,
            shares_request: None,
            traceparent: None,
            created_at: self.clock_now(),
            lease: Some((WORKER.to_owned(), HOUR)),
        }
    }

    /// Stores a KYT request; `alerts` are the levels that the result has, none while there is no result.
    pub(super) async fn add_kyt(&self, new: NewKyt, alerts: Option<Vec<AlertLevel>>) {
        let at = new.created_at;
        let work = (new, alerts, at);
        let written = self.ctx.store.write("test", work, |tx, (new, alerts, at)| {
            Box::pin(async move {
                assert!(kyt_results::insert(tx, new).await?);
                let Some(levels) = alerts else { return Ok(()) };
                let said = Registered {
                    external_id: EXTERNAL.to_owned(),
                    network: None,
                    key_id: None,
                    shares_request: None,
                    at: *at,
                };
                kyt_results::registered(tx, &new.request_id, WORKER, &said, Duration::ZERO).await?;
                assert!(!kyt_results::claim(tx, WORKER, HOUR, 10, None).await?.is_empty());
                for (number, level) in levels.iter().enumerate() {
                    kyt_alerts::put(tx, &alert(number, *level, *at)).await?;
                }
                kyt_results::assessed(tx, &new.request_id, WORKER, &assessed(levels.len(), *at)).await
            })
        });
        written.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    /// A World-Check request about one person, with a match.
    pub(super) async fn add_wco(&self, request_id: &str) {
        let at = self.clock_now();
        let new = NewWco {
            request_id: request_id.to_owned(),
            verification_uuid: uuid(3),
            counterparty_vasp_id: ROBOT.parse().unwrap(),
            direction: Direction::Outgoing,
            key_id: Some("12345678".to_owned()),
            origin: ScreeningOrigin::Api,
            traceparent: None,
            created_at: at,
            lease: Some((WORKER.to_owned(), HOUR)),
        };
        let seal = |column, name: &str, text: &str| self.ctx.vault.seal_screening(column, name, text);
        let case_id = format!("{request_id}-0");
        let asked = "{\"entityType\":\"INDIVIDUAL\",\"name\":\"Taylor Robbins\",\"secondaryFields\":[{\"typeId\":\"SFCT_2\",\
                     \"dateTimeValue\":\"1984-09-30\"}]}";
        let summary = "{\"name\":\"Taylor Robbins\"}";
        let case = WcoCase {
            request_id: request_id.to_owned(),
            person: 0,
            case_system_id: Some("5jb7r2c9xjfk1hoc95gfayv6m".to_owned()),
            entity_type: EntityType::Individual,
            subject_fingerprint: "f".to_owned(),
            asked_sealed: seal(ScreeningColumn::CaseAsked, &case_id, asked),
            status: ScreeningStatus::Processed,
            screening_requested_at: Some(at),
            match_strength: Some(MatchStrength::Strong),
            total_matches: Some(2),
            summary_sealed: Some(seal(ScreeningColumn::CaseSummary, &case_id, summary)),
            shares_case: None,
            reason: None,
            assessed_at: Some(at),
            created_at: at,
            case_id,
        };
        let said = Screened {
            case_system_id: "5jb7r2c9xjfk1hoc95gfayv6m".to_owned(),
            summary_sealed: Some(seal(ScreeningColumn::Summary, request_id, summary)),
            match_strength: Some(MatchStrength::Strong),
            total_matches: 2,
            assessed_at: Some(at),
            at,
        };
        let written = self.ctx.store.write("test", (new, case, said), |tx, (new, case, said)| {
            Box::pin(async move {
                assert!(wco_results::insert(tx, new).await?);
                wco_cases::insert(tx, case).await?;
                wco_cases::update(tx, case, new.created_at).await?;
                wco_results::screened(tx, &new.request_id, WORKER, said).await
            })
        });
        written.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }
}

fn alert(number: usize, alert_level: AlertLevel, created_at: Timestamp) -> KytAlert {
    KytAlert {
        external_id: EXTERNAL.to_owned(),
        alert_id: format!("alert-{number}"),
        alert_level,
        entity_category: Some("exchange".to_owned()),
        service_name: None,
        exposure_type: ExposureType::Indirect,
        alert_amount: "10.50".to_owned(),
        created_at,
    }
}

fn assessed(alerts: usize, at: Timestamp) -> Assessed {
    Assessed {
        network: Some("ETHEREUM".to_owned()),
        asset: None,
        amount: None,
        usd_price: Some("1820.17".to_owned()),
        output_address: Some(ADDRESS[2..].to_owned()),
        timestamp: Some(at),
        alert_count: u32::try_from(alerts).unwrap(),
        assessed_at: Some(at),
        at,
        look_again: None,
    }
}

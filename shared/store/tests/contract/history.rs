//! The one list over all risk assessments.

use std::cmp::Reverse;

use waybill_domain::{Direction, SanctionStatus, ScreeningVendor, Timestamp, VaspId, VerificationUuid};
use waybill_store::StoreError;
use waybill_store::tables::history::{self, Assessment, HistoryCursor, HistoryFilter};
use waybill_store::tables::sanction_results::SanctionResult;
use waybill_store::tables::{kyt_results, wco_results};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

/// What a filter looks at, in words of the test.
#[derive(Debug)]
struct Facts {
    vendor: ScreeningVendor,
    uuid: VerificationUuid,
    direction: Direction,
    status: String,
    counterparty: VaspId,
    created_at: Timestamp,
}

fn facts(row: &Assessment) -> Facts {
    let (direction, status, counterparty) = match row {
        Assessment::Sanction(row) => (row.direction, row.status.as_str(), row.counterparty_vasp_id),
        Assessment::Kyt(row) => (row.direction, row.status.as_str(), row.counterparty_vasp_id),
        Assessment::Wco(row) => (row.direction, row.status.as_str(), row.counterparty_vasp_id),
    };
    let (vendor, uuid, created_at) = (row.vendor(), row.verification_uuid(), row.created_at());
    Facts { vendor, uuid, direction, status: status.to_owned(), counterparty, created_at }
}

fn matches(filter: &HistoryFilter, row: &Assessment) -> bool {
    let it = facts(row);
    filter.vendor.is_none_or(|vendor| vendor == it.vendor)
        && filter.verification_uuid.is_none_or(|uuid| uuid == it.uuid)
        && filter.direction.is_none_or(|direction| direction == it.direction)
        && filter.status.as_ref().is_none_or(|status| *status == it.status)
        && filter.counterparty.is_none_or(|counterparty| counterparty == it.counterparty)
        && filter.from.is_none_or(|from| it.created_at >= from)
        && filter.before.is_none_or(|before| it.created_at < before)
}

/// Every filter with every other.
fn filters() -> Vec<HistoryFilter> {
    let changes: [&dyn Fn(&mut HistoryFilter); 10] = [
        &|filter| filter.verification_uuid = Some(uuid(2)),
        &|filter| filter.vendor = Some(ScreeningVendor::ChainalysisSanction),
        &|filter| filter.vendor = Some(ScreeningVendor::RefinitivWco),
        &|filter| filter.direction = Some(Direction::Outgoing),
        &|filter| filter.status = Some("ERROR".to_owned()),
        &|filter| filter.status = Some("REGISTERED".to_owned()),
        &|filter| filter.status = Some("error".to_owned()),
        &|filter| filter.counterparty = Some(OTHER_PEER),
        &|filter| filter.from = Some(at(3)),
        &|filter| filter.before = Some(at(5)),
    ];
    let mut all = vec![HistoryFilter::default()];
    for change in changes {
        let mut changed = all.clone();
        changed.iter_mut().for_each(change);
        all.extend(changed);
    }
    all
}

impl House {
    /// Three vendors, both directions, two counterparties, several of the same time.
    async fn with_a_history(self) -> Self {
        for number in 0..8_u32 {
            let counterparty_vasp_id = if number % 3 == 0 { OTHER_PEER } else { PEER };
            let direction = if number % 2 == 0 { Direction::Outgoing } else { Direction::Incoming };
            let (verification_uuid, created_at) = (uuid(number % 4), at(i64::from(number / 2 * 2)));
            let status = if number < 2 { SanctionStatus::Error } else { SanctionStatus::NoHit };
            let mut look_up = SanctionResult { counterparty_vasp_id, direction, status, ..sanction(number) };
            (look_up.verification_uuid, look_up.created_at) = (verification_uuid, created_at);
            self.add_sanction(look_up).await.unwrap();
            let mut transfer = kyt(number);
            (transfer.counterparty_vasp_id, transfer.direction) = (counterparty_vasp_id, direction);
            (transfer.verification_uuid, transfer.created_at) = (verification_uuid, created_at);
            self.add_kyt(transfer).await.unwrap();
            let mut persons = wco(number);
            (persons.counterparty_vasp_id, persons.direction) = (counterparty_vasp_id, direction);
            (persons.verification_uuid, persons.created_at) = (verification_uuid, created_at);
            self.add_wco(persons, vec![]).await.unwrap();
        }
        let failed = self.write((), |tx, ()| {
            Box::pin(async move {
                kyt_results::claim(tx, "a", LONG, 100, None).await?;
                kyt_results::failed(tx, "kyt-2", "a", "GONE", at(9)).await?;
                wco_results::claim(tx, "a", LONG, 100, None).await?;
                wco_results::failed(tx, "wco-3", "a", "GONE", at(9)).await
            })
        });
        failed.await.unwrap();
        self
    }

    async fn history(
        &self,
        filter: &HistoryFilter,
        after: Option<HistoryCursor>,
        limit: u32,
    ) -> Vec<Assessment> {
        let listed = self.read((filter.clone(), after), move |tx, (filter, after)| {
            Box::pin(history::list(tx, filter, after.as_ref(), limit))
        });
        listed.await.unwrap()
    }
}

fn in_order(rows: &[Assessment]) -> bool {
    let keys: Vec<_> =
        rows.iter().map(|row| Reverse((row.created_at(), row.request_id().to_owned()))).collect();
    keys.is_sorted() && keys.windows(2).all(|two| two[0] != two[1])
}

pub async fn every_filter_gives_what_it_names_newest_first(house: House) {
    let house = house.with_a_history().await;
    let all = house.history(&HistoryFilter::default(), None, 100).await;
    assert_eq!(all.len(), 24);
    let mut seen = 0;
    for filter in filters() {
        let found = house.history(&filter, None, 100).await;
        assert!(in_order(&found), "{filter:?}");
        let wanted: Vec<_> = all.iter().filter(|row| matches(&filter, row)).cloned().collect();
        assert_eq!(found, wanted, "{filter:?}");
        seen += found.len();
    }
    assert!(seen > 200, "{seen}");
}

pub async fn pages_show_each_once_while_rows_are_added(house: House) {
    let house = house.with_a_history().await;
    let mut newest = 100;
    let outgoing = HistoryFilter { direction: Some(Direction::Outgoing), ..HistoryFilter::default() };
    for filter in [HistoryFilter::default(), outgoing] {
        let all = house.history(&filter, None, 100).await;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = house.history(&filter, after, 5).await;
            let Some(last) = page.last() else { break };
            assert!(page.len() <= 5);
            after = Some(last.cursor());
            seen.extend(page);
            newest += 1;
            house.add_sanction(sanction(newest)).await.unwrap();
        }
        assert_eq!(seen, all);
    }
    assert!(house.history(&HistoryFilter::default(), None, 0).await.is_empty());
}

pub async fn one_is_found_whichever_vendor_made_it(house: House) {
    let house = house.with_a_history().await;
    let find = async |id: &'static str| {
        house
            .read((), move |tx, ()| Box::pin(history::find(tx, id)))
            .await
            .unwrap_or_else(|error: StoreError| panic!("{error}"))
    };
    for (id, vendor) in [
        ("sanction-1", ScreeningVendor::ChainalysisSanction),
        ("kyt-1", ScreeningVendor::ChainalysisKyt),
        ("wco-1", ScreeningVendor::RefinitivWco),
    ] {
        let found = find(id).await.unwrap();
        assert_eq!((found.request_id(), found.vendor(), found.verification_uuid()), (id, vendor, uuid(1)));
    }
    assert_eq!(find("KYT-1").await, None);
}

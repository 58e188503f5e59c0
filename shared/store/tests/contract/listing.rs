//! Listing: every filter alone and combined, against a model that is too simple to be wrong.

use std::cmp::Reverse;

use chrono::TimeDelta;
use waybill_domain::{Role, VerificationResult};
use waybill_store::tables::verifications::{
    self, COUNT_LIMIT, ListFilter, NewVerification, Page, VerificationRow, searchable_hash,
};

use crate::house::House;
use crate::samples::*;

const ROWS: u32 = 96;

/// Rows that differ in everything a filter looks at; some of them with ourselves on both sides.
fn varied(number: u32) -> NewVerification {
    let mut new = verification(number);
    let sides = [(OWN, PEER), (PEER, OWN), (OWN, OTHER_PEER), (OWN, OWN)];
    (new.originating_vasp_id, new.beneficiary_vasp_id) = sides[number as usize % 4];
    new.asset.symbol = ["ETH", "BTC"][number as usize / 4 % 2].to_owned();
    new.asset.network = [Some("Ethereum"), None][number as usize / 8 % 2].map(str::to_owned);
    new.originator_account_number = format!("0xO{}", number / 16 % 2);
    new.beneficiary_account_number = format!("0xB{}", number / 32 % 3);
    new.created_at = at(i64::from(number / 5) * 100); // some at the same time
    new
}

impl House {
    /// Stores the varied rows; of every three, one waits, one is verified and one has a transaction.
    async fn fill(&self) {
        self.add((0..ROWS).map(varied).collect()).await;
        for number in (0..ROWS).filter(|number| number % 3 > 0) {
            self.verify(uuid(number)).await;
            if number % 3 == 2 {
                self.report(uuid(number), ["0xAA", "0xBB"][number as usize % 2]).await;
            }
        }
    }
}

fn matches(row: &VerificationRow, filter: &ListFilter) -> bool {
    let roles = [Role::Originator, Role::Beneficiary];
    let wanted_roles = filter
        .role
        .map_or(&roles[..], |role| if role == Role::Originator { &roles[..1] } else { &roles[1..] });
    let sides = wanted_roles.iter().any(|role| {
        let opposite = filter.opposite.is_none_or(|opposite| row.is(opposite, role.other()));
        row.is(OWN, *role) && opposite
    });
    sides
        && filter.from.is_none_or(|from| row.created_at >= from)
        && filter.before.is_none_or(|before| row.created_at < before)
        && filter.symbol.as_ref().is_none_or(|symbol| row.asset.symbol == *symbol)
        && (filter.network.is_none() || row.asset.network == filter.network)
        && (filter.results.is_empty() || filter.results.contains(&row.result))
        && filter.tx_hash.as_ref().is_none_or(|hash| {
            row.tx_hash.as_ref().is_some_and(|stored| searchable_hash(stored) == searchable_hash(hash))
        })
        && filter
            .originator_account_number
            .as_ref()
            .is_none_or(|account| row.originator_account_number == *account)
        && filter
            .beneficiary_account_number
            .as_ref()
            .is_none_or(|account| row.beneficiary_account_number == *account)
}

/// Each filter on and off, in every combination.
fn all_filters() -> Vec<ListFilter> {
    let mut all = vec![ListFilter::default()];
    let mut either = |change: &dyn Fn(&mut ListFilter)| {
        let changed = all.iter().cloned().map(|mut filter| {
            change(&mut filter);
            filter
        });
        all.extend(changed.collect::<Vec<_>>());
    };
    either(&|filter| filter.from = Some(at(300)));
    either(&|filter| filter.before = Some(at(1500)));
    either(&|filter| filter.symbol = Some("ETH".to_owned()));
    either(&|filter| filter.network = Some("Ethereum".to_owned()));
    either(&|filter| filter.tx_hash = Some("AA".to_owned()));
    either(&|filter| filter.results = vec![VerificationResult::Wait, VerificationResult::Verified]);
    either(&|filter| filter.originator_account_number = Some("0xO1".to_owned()));
    either(&|filter| filter.beneficiary_account_number = Some("0xB1".to_owned()));
    let sides = [None, Some(Role::Originator), Some(Role::Beneficiary)]
        .into_iter()
        .flat_map(|role| [None, Some(PEER), Some(OTHER_PEER), Some(OWN)].map(|opposite| (role, opposite)));
    sides
        .flat_map(|(role, opposite)| {
            all.clone().into_iter().map(move |filter| ListFilter { role, opposite, ..filter })
        })
        .collect()
}

pub async fn every_combination_of_filters_gives_what_it_names(house: House) {
    house.fill().await;
    let filters = all_filters();
    assert_eq!(filters.len(), 256 * 12);
    let not_empty = house.read(filters, |tx, filters| {
        Box::pin(async move {
            let mut all = verifications::list(tx, OWN, &ListFilter::default(), Page::Offset(0), 1000).await?;
            assert_eq!(all.len(), ROWS as usize);
            all.sort_by_key(|row| Reverse((row.created_at, row.id)));
            let mut not_empty = 0;
            for filter in filters {
                let expected: Vec<_> =
                    all.iter().filter(|row| matches(row, filter)).map(|row| row.uuid).collect();
                let found = verifications::list(tx, OWN, filter, Page::Offset(0), 1000).await?;
                let found: Vec<_> = found.iter().map(|row| row.uuid).collect();
                assert_eq!(found, expected, "{filter:?}");
                assert_eq!(
                    verifications::count(tx, OWN, filter).await? as usize,
                    expected.len(),
                    "{filter:?}"
                );
                not_empty += usize::from(!expected.is_empty());
            }
            Ok(not_empty)
        })
    });
    assert!(not_empty.await.unwrap() > 500, "the rows are varied enough to tell filters apart");
}

pub async fn times_include_the_beginning_and_exclude_the_end(house: House) {
    house.add((0..3).map(verification).collect()).await; // at 0, 1 and 2 ms
    let shown = async |from, before| {
        let filter = ListFilter { from, before, ..Default::default() };
        let rows = house
            .read(filter, |tx, filter| Box::pin(verifications::list(tx, OWN, filter, Page::Offset(0), 10)));
        rows.await.unwrap().iter().map(|row| row.created_at).collect::<Vec<_>>()
    };
    assert_eq!(shown(Some(at(1)), None).await, [at(2), at(1)]);
    assert_eq!(shown(None, Some(at(1))).await, [at(0)]);
    assert_eq!(shown(Some(at(1)), Some(at(2))).await, [at(1)]);
    assert!(shown(Some(at(1)), Some(at(1))).await.is_empty());
    let within = at(1) + TimeDelta::nanoseconds(999_999);
    assert_eq!(shown(Some(within), None).await, [at(2), at(1)], "cut to milliseconds like the rows");
}

pub async fn counting_stops_at_its_limit(house: House) {
    let rows = |numbers: std::ops::Range<u32>| numbers.map(verification).collect();
    let count =
        async || house.read((), |tx, ()| Box::pin(verifications::count(tx, OWN, &ALL))).await.unwrap();
    house.add(rows(0..COUNT_LIMIT - 1)).await;
    assert_eq!(count().await, COUNT_LIMIT - 1);
    house.add(rows(COUNT_LIMIT - 1..COUNT_LIMIT + 2)).await;
    assert_eq!(count().await, COUNT_LIMIT);
}

static ALL: ListFilter = ListFilter {
    from: None,
    before: None,
    symbol: None,
    network: None,
    tx_hash: None,
    results: Vec::new(),
    role: None,
    opposite: None,
    originator_account_number: None,
    beneficiary_account_number: None,
};

//! Pages: what a reader sees while rows are being added.

use waybill_domain::{Role, VerificationUuid};
use waybill_store::tables::verifications::{
    self, Cursor, ListFilter, NewVerification, Page, VerificationRow,
};

use crate::house::House;
use crate::samples::*;

const ROWS: u32 = 60;
const PER_PAGE: u32 = 7;

/// Three rows of each millisecond, so that pages end between rows of the same time.
fn tied(number: u32) -> NewVerification {
    let mut new = verification(number);
    new.created_at = at(i64::from(number / 3));
    new.originator_account_number = "0xHotWallet".to_owned();
    new.beneficiary_account_number = "0xHotWallet".to_owned();
    if number % 2 == 1 {
        (new.originating_vasp_id, new.beneficiary_vasp_id) = (PEER, OWN);
    }
    new
}

fn uuids(rows: &[VerificationRow]) -> Vec<VerificationUuid> {
    rows.iter().map(|row| row.uuid).collect()
}

impl House {
    async fn page(&self, filter: &ListFilter, page: Page, limit: u32) -> Vec<VerificationRow> {
        let rows = self.read((filter.clone(), page, limit), |tx, (filter, page, limit)| {
            Box::pin(verifications::list(tx, OWN, filter, *page, *limit))
        });
        rows.await.unwrap()
    }

    /// Reads to the end by cursor; calls `between` after each page.
    async fn read_by_cursor(
        &self,
        filter: &ListFilter,
        mut between: impl AsyncFnMut(),
    ) -> Vec<VerificationUuid> {
        let mut seen = Vec::new();
        let mut page = Page::Offset(0);
        loop {
            let rows = self.page(filter, page, PER_PAGE).await;
            seen.extend(uuids(&rows));
            assert!(seen.len() < 1000, "the list does not end");
            let Some(last) = rows.last() else { return seen };
            page = Page::After(Cursor { created_at: last.created_at, id: last.id });
            between().await;
        }
    }
}

pub async fn cursors_show_each_row_once_while_rows_are_added(house: House) {
    house.add((0..ROWS).map(tied).collect()).await;
    let expected = uuids(&house.page(&ListFilter::default(), Page::Offset(0), 1000).await);
    assert_eq!(expected.len(), ROWS as usize);
    let mut next = 1000;
    let seen = house
        .read_by_cursor(&ListFilter::default(), async || {
            next += 1;
            house.add(vec![tied(next)]).await; // newer than all that was there
        })
        .await;
    assert_eq!(seen, expected);
    assert!(next > 1000 + ROWS / PER_PAGE, "rows were added meanwhile");
}

/// Newer rows push older ones down: a reader by offset may see one twice, but misses none;
/// with an upper bound on the time it sees each once.
pub async fn offsets_miss_no_row_while_rows_are_added(house: House) {
    house.add((0..ROWS).map(tied).collect()).await;
    let newest = ListFilter { before: Some(at(500)), ..Default::default() };
    let expected = uuids(&house.page(&newest, Page::Offset(0), 1000).await);
    let (mut bounded, mut unbounded) = (Vec::new(), Vec::new());
    for number in 0..=(ROWS / PER_PAGE) + 2 {
        let page = Page::Offset(number * PER_PAGE);
        bounded.extend(uuids(&house.page(&newest, page, PER_PAGE).await));
        unbounded.extend(uuids(&house.page(&ListFilter::default(), page, PER_PAGE).await));
        let mut added = tied(2000 + number);
        added.created_at = at(1000);
        house.add(vec![added]).await;
    }
    assert_eq!(bounded, expected);
    unbounded.retain(|uuid| expected.contains(uuid));
    assert!(unbounded.len() > expected.len(), "some were seen twice");
    unbounded.dedup();
    let mut first_seen = Vec::new();
    for uuid in unbounded {
        if !first_seen.contains(&uuid) {
            first_seen.push(uuid);
        }
    }
    assert_eq!(first_seen, expected);
}

/// Different filters are answered by different indexes; the order must not depend on that.
pub async fn every_filter_pages_like_the_whole_list(house: House) {
    house.add((0..ROWS).map(tied).collect()).await;
    let all = house.page(&ListFilter::default(), Page::Offset(0), 1000).await;
    assert!(all.windows(2).all(|pair| (pair[0].created_at, pair[0].id) > (pair[1].created_at, pair[1].id)));
    let account = || Some("0xHotWallet".to_owned());
    let filters = [
        ListFilter { from: Some(at(2)), before: Some(at(15)), ..Default::default() },
        ListFilter { symbol: Some("ETH".to_owned()), ..Default::default() },
        ListFilter { role: Some(Role::Originator), ..Default::default() },
        ListFilter { role: Some(Role::Beneficiary), opposite: Some(PEER), ..Default::default() },
        ListFilter { opposite: Some(PEER), ..Default::default() },
        ListFilter { originator_account_number: account(), ..Default::default() },
        ListFilter { beneficiary_account_number: account(), opposite: Some(PEER), ..Default::default() },
    ];
    for filter in filters {
        let whole = uuids(&house.page(&filter, Page::Offset(0), 1000).await);
        let expected: Vec<_> = uuids(&all).into_iter().filter(|uuid| whole.contains(uuid)).collect();
        assert!(whole.len() > 2 * PER_PAGE as usize, "{filter:?}");
        assert_eq!(whole, expected, "{filter:?}");
        assert_eq!(house.read_by_cursor(&filter, async || {}).await, whole, "{filter:?}");
    }
}

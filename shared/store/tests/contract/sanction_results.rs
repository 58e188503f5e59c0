//! Look-ups in the lists of sanctions.

use waybill_domain::{Direction, SanctionStatus, ScreeningOrigin};
use waybill_store::StoreError;
use waybill_store::tables::sanction_results::{self, SanctionResult};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

/// Every field is set, every text as long as it may be.
fn hit() -> SanctionResult {
    SanctionResult {
        counterparty_vasp_id: OTHER_PEER,
        direction: Direction::Incoming,
        address: wide(512),
        status: SanctionStatus::Sanction,
        ofac_name: Some(wide(1024)),
        ofac_description: Some(wide(4096)),
        ofac_url: Some(wide(1024)),
        reason: Some(wide(64)),
        origin: ScreeningOrigin::Automatic,
        shares_request: Some("sanction-0".to_owned()),
        ..sanction(1)
    }
}

pub async fn a_look_up_is_found_as_it_was_stored(house: House) {
    for new in [hit(), sanction(2)] {
        assert!(house.add_sanction(new.clone()).await.unwrap());
        assert_eq!(house.sanction(&new.request_id).await, Some(new));
    }
    assert_eq!(house.sanction("SANCTION-1").await, None, "ids differ by case");
}

pub async fn a_known_request_id_is_refused_and_changes_nothing(house: House) {
    assert!(house.add_sanction(sanction(1)).await.unwrap());
    assert!(
        !house.add_sanction(SanctionResult { request_id: "sanction-1".to_owned(), ..hit() }).await.unwrap()
    );
    assert_eq!(house.sanction("sanction-1").await, Some(sanction(1)));
}

pub async fn what_is_longer_than_its_column_is_refused(house: House) {
    let changes: [fn(&mut SanctionResult); 4] = [
        |new| new.address = wide(513),
        |new| new.ofac_name = Some(wide(1025)),
        |new| new.ofac_description = Some(wide(4097)),
        |new| new.ofac_url = Some(wide(1025)),
    ];
    for change in changes {
        let mut new = hit();
        change(&mut new);
        let refused = house.add_sanction(new).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { .. }), "{refused:?}");
        assert!(!format!("{refused} {refused:?}").contains(WIDE), "{refused:?}");
    }
    assert_eq!(house.sanction("sanction-1").await, None);
}

pub async fn the_newest_answer_of_the_vendor_itself_is_used_again(house: House) {
    let address = || "0xSame".to_owned();
    let of = |number, status| SanctionResult { address: address(), status, ..sanction(number) };
    let repeated =
        SanctionResult { shares_request: Some("sanction-11".to_owned()), ..of(14, SanctionStatus::NoHit) };
    for new in [
        of(10, SanctionStatus::Sanction),
        of(11, SanctionStatus::NoHit),
        of(12, SanctionStatus::Error),
        of(13, SanctionStatus::Closed),
        repeated,
        SanctionResult { address: "0xsame".to_owned(), ..sanction(15) },
    ] {
        assert!(house.add_sanction(new).await.unwrap());
    }
    let recent = async |since| {
        let found = house.read((), move |tx, ()| Box::pin(sanction_results::recent(tx, "0xSame", at(since))));
        found.await.unwrap().map(|found| found.request_id)
    };
    assert_eq!(recent(0).await.as_deref(), Some("sanction-11"));
    assert_eq!(recent(11).await.as_deref(), Some("sanction-11"), "as old as it may be");
    assert_eq!(recent(12).await, None, "neither errors nor repetitions nor other addresses");
}

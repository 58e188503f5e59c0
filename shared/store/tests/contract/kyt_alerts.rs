//! Alerts, and whose they are.

use futures_util::future::join_all;
use waybill_domain::{AlertLevel, ExposureType};
use waybill_store::StoreError;
use waybill_store::tables::kyt_alerts::{self, KytAlert};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

impl House {
    async fn alerts_of(&self, external_id: &str) -> Vec<KytAlert> {
        let found = self.read(external_id.to_owned(), |tx, id| Box::pin(kyt_alerts::of_external(tx, id)));
        found.await.unwrap()
    }

    async fn alerts_of_request(&self, number: u32) -> Vec<KytAlert> {
        let found = self.read(format!("kyt-{number}"), |tx, id| Box::pin(kyt_alerts::of_result(tx, id)));
        found.await.unwrap()
    }
}

pub async fn an_alert_is_found_as_it_was_stored_and_in_order(house: House) {
    let full = KytAlert {
        alert_level: AlertLevel::Severe,
        entity_category: Some(wide(256)),
        service_name: Some(wide(256)),
        exposure_type: ExposureType::Indirect,
        alert_amount: "9".repeat(128),
        ..alert(&wide(128), &wide(128))
    };
    let bare = KytAlert { entity_category: None, service_name: None, ..alert(&wide(128), "a") };
    assert_eq!(house.add_alerts(vec![full.clone(), bare.clone(), alert("other", "b")]).await, [true; 3]);
    assert_eq!(house.alerts_of(&wide(128)).await, [full.clone(), bare]);
    assert!(house.alerts_of("OTHER").await.is_empty());
    let changes: [fn(&mut KytAlert); 5] = [
        |new| new.external_id = wide(129),
        |new| new.alert_id = wide(129),
        |new| new.entity_category = Some(wide(257)),
        |new| new.service_name = Some(wide(257)),
        |new| new.alert_amount = "9".repeat(129),
    ];
    for change in changes {
        let mut longer = alert("new", "new");
        change(&mut longer);
        let refused = house.write(longer, |tx, new| Box::pin(kyt_alerts::put(tx, new))).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
    }
    assert!(house.alerts_of("new").await.is_empty());
}

pub async fn what_has_changed_about_an_alert_is_kept(house: House) {
    house.add_alerts(vec![alert("e", "1"), alert("e", "2")]).await;
    let graver = KytAlert {
        alert_level: AlertLevel::High,
        entity_category: None,
        alert_amount: "1".to_owned(),
        created_at: at(77),
        ..alert("e", "1")
    };
    assert_eq!(house.add_alerts(vec![graver.clone()]).await, [false]);
    let first_seen = KytAlert { created_at: at(1), ..graver };
    assert_eq!(house.alerts_of("e").await, [first_seen, alert("e", "2")]);
}

/// The vendor gives one transfer two ids: both requests report its alerts, and there is one row for each alert.
pub async fn an_alert_under_another_id_is_both_requests(house: House) {
    house.add_kyt(registered_kyt(1, "first")).await.unwrap();
    house.add_kyt(registered_kyt(2, "second")).await.unwrap();
    house.add_kyt(registered_kyt(3, "second")).await.unwrap();
    assert_eq!(house.add_alerts(vec![alert("first", "a"), alert("first", "b")]).await, [true; 2]);
    let seen = KytAlert { alert_level: AlertLevel::Severe, ..alert("second", "a") };
    assert_eq!(
        house.add_alerts(vec![alert("second", "c"), seen.clone(), seen.clone()]).await,
        [true, true, false]
    );
    let first = KytAlert { external_id: "first".to_owned(), ..seen.clone() };
    assert_eq!(house.alerts_of_request(1).await, [first, alert("first", "b")]);
    for number in [2, 3] {
        assert_eq!(house.alerts_of_request(number).await, [alert("second", "c"), seen.clone()]);
    }
    let rows = "UPDATE chainalysis_kyt_alerts SET external_id = external_id WHERE external_id = ";
    assert_eq!(house.raw(&format!("{rows}'first'")).await.unwrap(), 2, "operators see each once");
    assert_eq!(house.raw(&format!("{rows}'second'")).await.unwrap(), 1);
    let page = ["kyt-3", "kyt-9", "kyt-1"].map(str::to_owned).to_vec();
    let of_page = house.read(page, |tx, ids| Box::pin(kyt_alerts::of_results(tx, ids))).await.unwrap();
    let of_page: Vec<_> = of_page.iter().map(|(id, alert)| (id.as_str(), alert.alert_id.as_str())).collect();
    assert_eq!(of_page, [("kyt-1", "a"), ("kyt-1", "b"), ("kyt-3", "c"), ("kyt-3", "a")]);
}

pub async fn of_many_workers_one_sees_an_alert_first(house: House) {
    let seen = join_all((0..20).map(|_| house.add_alerts(vec![alert("e", "a"), alert("e", "b")]))).await;
    for place in 0..2 {
        assert_eq!(seen.iter().filter(|new| new[place]).count(), 1);
    }
    assert_eq!(house.alerts_of("e").await.len(), 2);
}

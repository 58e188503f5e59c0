//! Leases on jobs that one process at a time should do.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_store::tables::leases;
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

impl House {
    async fn take(&self, name: &'static str, token: &str, length: Duration) -> bool {
        self.write(token.to_owned(), move |tx, token| Box::pin(leases::acquire(tx, name, token, length)))
            .await
            .unwrap()
    }

    async fn give_back(&self, name: &'static str, token: &'static str) {
        self.write((), move |tx, ()| Box::pin(leases::release(tx, name, token))).await.unwrap();
    }
}

pub async fn one_of_two_holders(house: House) {
    assert!(house.take("health", "a", LONG).await);
    assert!(!house.take("health", "b", LONG).await);
    assert!(house.take("health", "a", LONG).await, "its holder renews it");
    assert!(house.take("purge", "b", LONG).await, "another job is another lease");
}

pub async fn one_of_many_concurrent_takers(house: House) {
    let taken = join_all((0..50).map(|number| {
        let house = &house;
        async move { house.take("health", &number.to_string(), LONG).await }
    }));
    assert_eq!(taken.await.iter().filter(|taken| **taken).count(), 1);
}

pub async fn a_lease_ends_and_can_be_given_back(house: House) {
    assert!(house.take("health", "a", Duration::from_millis(1)).await);
    eventually("the lease has ended", SOON, async || house.take("health", "b", LONG).await.then_some(()))
        .await;
    assert!(!house.take("health", "a", LONG).await, "its last holder has no right to it");
    house.give_back("health", "a").await;
    assert!(!house.take("health", "c", LONG).await, "only its holder gives it back");
    house.give_back("health", "b").await;
    assert!(house.take("health", "c", LONG).await);
}

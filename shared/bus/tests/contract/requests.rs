//! Questions to a service.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use waybill_bus::{BusOptions, RequestHandler};
use waybill_domain::Fault;
use waybill_jobs::{InquireTransaction, TransactionAnswer};
use waybill_testkit::eventually;

use crate::house::*;

struct Inquiries(Arc<AtomicU32>);

#[async_trait]
impl RequestHandler<InquireTransaction> for Inquiries {
    async fn answer(&self, request: InquireTransaction) -> Result<TransactionAnswer, Fault> {
        self.0.fetch_add(1, Ordering::SeqCst);
        if request.verification_uuid == verification(1) {
            std::future::pending::<()>().await;
        }
        Err(Fault::new(404, "VERIFICATION-NOT-FOUND", "no"))
    }
}

pub async fn requests_are_answered_refused_or_dropped(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let ask = |byte, patience| {
        let request = InquireTransaction { verification_uuid: verification(byte) };
        let bus = house.bus.clone();
        async move { bus.ask(&request, patience).await.unwrap_err().code }
    };
    let before = Instant::now();
    assert_eq!(ask(0, SOON).await, "SERVICE-UNAVAILABLE", "nobody answers this kind");
    assert!(before.elapsed() < SOON / 2, "at once");
    house.worker.serve(Inquiries(Arc::default()), 4);
    eventually("the service is there", SOON, async || {
        (ask(0, SOON).await == "VERIFICATION-NOT-FOUND").then_some(())
    })
    .await;
    assert_eq!(ask(1, Duration::from_millis(300)).await, "REQUEST-TIMEOUT");
    assert_eq!(ask(0, SOON).await, "VERIFICATION-NOT-FOUND", "one that hangs holds nobody else up");
    house.drain().await;
}

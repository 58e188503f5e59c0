//! Withdrawals at a fixed rate, whatever becomes of the earlier ones.

use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::withdrawal::Customer;

/// Load that goes on until it is ended.
pub struct Load {
    stopping: CancellationToken,
    running: JoinHandle<JoinSet<()>>,
}

impl Load {
    /// Begins withdrawals at a rate per second.
    pub fn begin(customer: Customer, rate: f64) -> Self {
        let stopping = CancellationToken::new();
        let running = tokio::spawn(begin_until(customer, rate, stopping.clone()));
        Self { stopping, running }
    }

    /// Begins no more, and waits for those under way. Panics when one of them did.
    pub async fn end(self, patience: Duration) {
        self.stopping.cancel();
        let under_way = self.running.await.expect("the load begins no more");
        tokio::time::timeout(patience, under_way.join_all()).await.expect("every withdrawal ends");
    }
}

async fn begin_until(customer: Customer, rate: f64, stopping: CancellationToken) -> JoinSet<()> {
    let (begun, mut under_way) = (Instant::now(), JoinSet::new());
    for number in 0.. {
        let due = begun + Duration::from_secs_f64(number as f64 / rate);
        tokio::select! {
            () = sleep_until(due) => {}
            () = stopping.cancelled() => break,
        }
        under_way.spawn(customer.clone().withdraw(number));
        while let Some(ended) = under_way.try_join_next() {
            ended.expect("a withdrawal ends well");
        }
    }
    under_way
}

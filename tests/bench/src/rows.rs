//! Inserting and listing with few and with many rows, alternating, each in a database of its own.

use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::time::Instant;
use waybill_store::tables::verifications::{self, ListFilter, Page};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::TestFolder;

use crate::row::{OWN, row};

const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;
const ROUNDS: u64 = 10;
const EACH: u64 = 200;

struct Measured {
    store: Store,
    next: u64,
    insert: Histogram<u64>,
    list: Histogram<u64>,
}

pub async fn run() -> anyhow::Result<()> {
    let folder = TestFolder::new();
    let mut few = filled(&folder, FEW).await?;
    let mut many = filled(&folder, MANY).await?;
    for _ in 0..ROUNDS {
        few.round().await?;
        many.round().await?;
    }
    for (name, of) in [("insert", 0), ("list", 1)] {
        let p99 = |measured: &Measured| {
            let histogram = if of == 0 { &measured.insert } else { &measured.list };
            histogram.value_at_quantile(0.99) as f64 / 1000.0
        };
        let (small, large) = (p99(&few), p99(&many));
        println!(
            "{name} p99: {small:.2} ms with {FEW} rows, {large:.2} ms with {MANY}: {:.2} times",
            large / small
        );
    }
    few.store.close().await;
    many.store.close().await;
    Ok(())
}

async fn filled(folder: &TestFolder, rows: u64) -> anyhow::Result<Measured> {
    let path = folder.join(format!("{rows}.sqlite"));
    let store = Store::open(&StoreOptions::Sqlite { path, readers: 2 }).await?;
    let mut at = 0;
    while at < rows {
        let batch = at..(at + 1000).min(rows);
        at = batch.end;
        store
            .write("bench::fill", batch, |tx, batch| {
                Box::pin(async move {
                    for number in batch.clone() {
                        verifications::insert(tx, &row(number)).await?;
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await?;
    }
    let histogram = || Histogram::new_with_bounds(1, 60_000_000, 3);
    Ok(Measured { store, next: rows, insert: histogram()?, list: histogram()? })
}

impl Measured {
    async fn round(&mut self) -> anyhow::Result<()> {
        for _ in 0..EACH {
            let begun = Instant::now();
            let work = self.store.write("bench::insert", self.next, |tx, number| {
                Box::pin(async move { verifications::insert(tx, &row(*number)).await })
            });
            work.await.map_err(|error: StoreError| error)?;
            self.next += 1;
            record(&mut self.insert, begun.elapsed());
            let begun = Instant::now();
            let work = self.store.read("bench::list", ListFilter::default(), |tx, filter| {
                Box::pin(async move {
                    verifications::list(tx, OWN, filter, Page::Offset(0), 10).await?;
                    verifications::count(tx, OWN, filter).await
                })
            });
            work.await.map_err(|error: StoreError| error)?;
            record(&mut self.list, begun.elapsed());
        }
        Ok(())
    }
}

fn record(histogram: &mut Histogram<u64>, time: Duration) {
    histogram.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
}

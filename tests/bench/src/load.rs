//! Sending work at a rate or as fast as it is done, and what came of it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Latencies in microseconds, and what failed.
pub struct Outcome {
    pub latencies: Histogram<u64>,
    pub errors: Vec<String>,
    pub elapsed: Duration,
}

impl Outcome {
    fn new() -> anyhow::Result<Self> {
        let latencies = Histogram::new_with_bounds(1, 600_000_000, 3)?;
        Ok(Self { latencies, errors: Vec::new(), elapsed: Duration::ZERO })
    }

    fn add(&mut self, result: anyhow::Result<Duration>) {
        match result {
            Ok(latency) => {
                self.latencies.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX))
            }
            Err(error) => self.errors.push(format!("{error:#}")),
        }
    }

    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn ms(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1000.0
    }

    pub fn line(&self) -> String {
        let errors = match self.errors.first() {
            None => "no errors".to_owned(),
            Some(first) => format!("{} ERRORS, such as: {first}", self.errors.len()),
        };
        format!(
            "{:7.1}/s   p50 {:7.1} ms   p99 {:7.1} ms   n {}   {errors}",
            self.rate(),
            self.ms(0.5),
            self.ms(0.99),
            self.latencies.len()
        )
    }
}

/// Keeps `in_flight` pieces of work going for a time.
pub async fn closed_loop<F, W>(in_flight: usize, time: Duration, work: F) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let outcome = Arc::new(Mutex::new(Outcome::new()?));
    let stop = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..in_flight {
        let (work, outcome, stop) = (work.clone(), Arc::clone(&outcome), Arc::clone(&stop));
        workers.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let result = work().await;
                outcome.lock().await.add(result);
            }
        });
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    workers.join_all().await;
    finish(outcome, begun).await
}

/// Starts work at a fixed rate, whether earlier work is done or not. Latency counts from the time it was due.
pub async fn open_loop<F, W>(rate: f64, time: Duration, work: F) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let outcome = Arc::new(Mutex::new(Outcome::new()?));
    let begun = Instant::now();
    let mut running = JoinSet::new();
    let count = (rate * time.as_secs_f64()) as u64;
    for number in 0..count {
        let due = begun + Duration::from_secs_f64(number as f64 / rate);
        tokio::time::sleep_until(due).await;
        let (work, outcome) = (work.clone(), Arc::clone(&outcome));
        running.spawn(async move {
            let late = due.elapsed();
            let result = work().await.map(|latency| latency + late);
            outcome.lock().await.add(result);
        });
    }
    running.join_all().await;
    finish(outcome, begun).await
}

async fn finish(outcome: Arc<Mutex<Outcome>>, begun: Instant) -> anyhow::Result<Outcome> {
    let mut taken = Outcome::new()?;
    std::mem::swap(&mut *outcome.lock().await, &mut taken);
    taken.elapsed = begun.elapsed();
    Ok(taken)
}

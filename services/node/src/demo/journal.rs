//! What a backend was sent, from the journal that the sandbox keeps.

use std::time::Duration;

use anyhow::{Context as _, bail};
use http::{HeaderMap, Method};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use waybill_domain::{Timestamp, parse_time};

use super::expect;
use super::http::call;
use super::side::Side;
use super::stage::Stage;

/// How long something that takes milliseconds may take: the nodes go on trying for longer, so a busy machine is no failure.
pub const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(5);
/// More than one step makes a backend hear.
const NEWEST: usize = 100;

/// A request that a backend got.
#[derive(Debug)]
pub struct Heard {
    pub at: Timestamp,
    pub path: String,
    pub headers: Value,
    pub body: Value,
}

/// Everything that one endpoint of a backend was sent since a time, oldest first.
pub async fn heard(
    stage: &Stage,
    side: Side,
    endpoint: &str,
    since: Timestamp,
) -> anyhow::Result<Vec<Heard>> {
    let path = format!("/journal?vasp={}&path={endpoint}&limit={NEWEST}", side.vasp_id());
    let reply =
        call(&stage.egress, stage.ports.sandbox(), Method::GET, &path, HeaderMap::new(), None).await?;
    expect::status(&reply, 200)?;
    let Value::Array(entries) = reply.body else { bail!("the journal is no array") };
    let entries = entries.into_iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter(|entry| entry.at >= since).collect())
}

fn read(mut entry: Value) -> anyhow::Result<Heard> {
    Ok(Heard {
        at: parse_time(expect::text(&entry, "/at")?).context("the journal's time")?,
        path: expect::text(&entry, "/path")?.to_owned(),
        headers: entry["headers"].take(),
        body: entry["body"].take(),
    })
}

/// The first request to an endpoint since a time that `is` accepts, as soon as it is there.
pub async fn wait_for(
    stage: &Stage,
    side: Side,
    endpoint: &str,
    since: Timestamp,
    is: impl Fn(&Value) -> bool,
) -> anyhow::Result<Heard> {
    let look = async || {
        let heard = heard(stage, side, endpoint, since).await?;
        Ok(heard.into_iter().find(|heard| is(&heard.body)))
    };
    let found = within_patience(look).await?;
    found.with_context(|| {
        format!("{} did not hear of it at `{endpoint}` within {} s", side.backend(), PATIENCE.as_secs())
    })
}

/// Looks until something is found; `None` when it takes too long.
pub async fn within_patience<T>(
    look: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<Option<T>> {
    let started = Instant::now();
    loop {
        let found = look().await?;
        if found.is_some() || started.elapsed() > PATIENCE {
            return Ok(found);
        }
        sleep(PAUSE).await;
    }
}

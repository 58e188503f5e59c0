//! The database that the settings name, and waiting for a server that is away at the start.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::{Instant, sleep};
use waybill_runtime::Shutdown;
use waybill_runtime::settings::{DatabaseSettings, Settings};
use waybill_store::{ServerOptions, ServerTls, Store, StoreError, StoreOptions};

use super::waiting::{Check, Stopped, Waiting};

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// For commands that look into a database beside the node.
const CONNECTIONS_OF_A_COMMAND: u32 = 2;

/// The database of a running node.
pub fn options(settings: &Settings) -> StoreOptions {
    let database = &settings.database;
    match server(database, database.connections) {
        Some(server) => StoreOptions::Server(server),
        None => StoreOptions::Sqlite { path: settings.database_path(), readers: database.readers },
    }
}

/// The same database for a command: it takes few connections from the running nodes.
pub fn options_of_command(settings: &Settings) -> StoreOptions {
    match server(&settings.database, CONNECTIONS_OF_A_COMMAND) {
        Some(server) => StoreOptions::Server(server),
        None => StoreOptions::Sqlite { path: settings.database_path(), readers: 1 },
    }
}

fn server(database: &DatabaseSettings, connections: u32) -> Option<ServerOptions> {
    Some(ServerOptions {
        url: database.url.clone()?,
        connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
        tls: match &*database.tls {
            "off" => ServerTls::Off,
            "encrypted" => ServerTls::Encrypted,
            "authority" => ServerTls::Authority,
            "full" => ServerTls::Full,
            _ => ServerTls::Automatic,
        },
        tls_ca: database.tls_ca.clone(),
        schema: database.schema.clone(),
    })
}

/// Opens the database of a node. Waits for a server that is away, and for whoever migrates it.
pub async fn open(settings: &Settings, shutdown: &Shutdown, waiting: &Waiting) -> anyhow::Result<Store> {
    let options = options(settings);
    let attempt = async || {
        let opened = Store::open(&options).await;
        if let Err(error) = &opened {
            waiting.set(check_of(error), error.to_string());
        }
        opened
    };
    patiently(settings.database.start_timeout, shutdown, attempt).await
}

fn check_of(error: &StoreError) -> Check {
    if matches!(error, StoreError::SchemaBehind(_)) { Check::Schema } else { Check::Database }
}

/// Brings the schema up to date and gives the names of the steps that were missing.
pub async fn migrate(settings: &Settings, shutdown: &Shutdown) -> anyhow::Result<Vec<String>> {
    let options = options_of_command(settings);
    patiently(settings.database.start_timeout, shutdown, async || Store::migrate(&options).await).await
}

/// Tries again while the database is away, ever less often, until the patience or the process ends.
async fn patiently<T>(
    patience: Duration,
    shutdown: &Shutdown,
    mut attempt: impl AsyncFnMut() -> Result<T, StoreError>,
) -> anyhow::Result<T> {
    let end = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let Some(outcome) = unless_stopped(shutdown, attempt()).await else { bail!(Stopped) };
        let error = match outcome {
            Ok(done) => return Ok(done),
            Err(error) if !may_be_mended(&error) => return Err(error.into()),
            Err(error) => error,
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(error).with_context(|| {
                format!("the database named by database.url was not ready within {patience:?} (database.start_timeout)")
            });
        }
        tracing::warn!(%error, left_s = left.as_secs(), "waiting for the database");
        if unless_stopped(shutdown, sleep(pause.min(left))).await.is_none() {
            bail!(Stopped);
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Without any change to the settings: by the server's return, or by `waybill migrate`.
fn may_be_mended(error: &StoreError) -> bool {
    error.is_transient() || matches!(error, StoreError::SchemaBehind(_))
}

/// `None` when the process is asked to end first.
async fn unless_stopped<T>(shutdown: &Shutdown, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = shutdown.requested() => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: StoreError = StoreError::Unavailable("connection refused");

    async fn tried(patience: Duration, outcomes: Vec<Result<u8, StoreError>>) -> (usize, Result<u8, String>) {
        let mut outcomes = outcomes.into_iter();
        let mut count = 0;
        let shutdown = Shutdown::new(Duration::from_secs(1));
        let outcome = patiently(patience, &shutdown, async || {
            count += 1;
            outcomes.next().unwrap_or(Err(AWAY))
        })
        .await;
        (count, outcome.map_err(|error| format!("{error:#}")))
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_comes_late_is_waited_for() {
        let (count, outcome) = tried(Duration::from_secs(60), vec![Err(AWAY), Err(AWAY), Ok(7)]).await;
        assert_eq!((count, outcome), (3, Ok(7)));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends() {
        let before = Instant::now();
        let (count, outcome) = tried(Duration::from_secs(60), vec![]).await;
        let told = outcome.unwrap_err();
        assert!(told.contains("database.start_timeout") && told.contains("connection refused"), "{told}");
        assert!((10..25).contains(&count), "{count}");
        assert_eq!(before.elapsed(), Duration::from_secs(60));
        assert_eq!(tried(Duration::ZERO, vec![]).await.0, 1, "no patience at all");
    }

    #[tokio::test(start_paused = true)]
    async fn a_schema_that_is_migrated_later_is_waited_for() {
        let behind = || Err(StoreError::SchemaBehind("run `waybill migrate`".to_owned()));
        let (count, outcome) =
            tried(Duration::from_secs(60), vec![Err(AWAY), behind(), behind(), Ok(7)]).await;
        assert_eq!((count, outcome), (4, Ok(7)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_waiting_does_not_mend_is_told_at_once() {
        let wrong = Err(StoreError::Setup("the schema is newer".to_owned()));
        let (count, outcome) = tried(Duration::from_secs(60), vec![wrong]).await;
        assert_eq!(count, 1);
        assert!(outcome.unwrap_err().contains("newer"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_signal_ends_the_waiting() {
        let shutdown = Shutdown::new(Duration::from_secs(1));
        let asked = shutdown.clone();
        let waiting = patiently(Duration::from_secs(60), &shutdown, async || {
            asked.begin();
            Err::<(), _>(AWAY)
        });
        assert!(waiting.await.unwrap_err().is::<Stopped>());
    }
}

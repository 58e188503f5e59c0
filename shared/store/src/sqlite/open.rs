//! Opening the file and bringing its schema up to date.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::StoreError;
use crate::error::step_name;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// How every connection is opened. FULL: an acknowledged request survives a power cut.
pub(super) fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
        .disable_statement_logging() // statements are logged with their arguments
}

/// Makes the folder and the file, and runs the migrations that are missing; gives their names.
pub(crate) async fn prepare(path: &Path) -> Result<Vec<String>, StoreError> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(|error| setup(path, &error))?;
    }
    let mut connection = connect_options(path).connect().await.map_err(|error| setup(path, &error))?;
    let before = applied(&mut connection).await;
    MIGRATIONS.run(&mut connection).await.map_err(|error| unmigrated(path, error))?;
    connection.close().await.map_err(|error| setup(path, &error))?;
    let missing = MIGRATIONS.iter().filter(|step| !before.contains(&step.version));
    Ok(missing.map(step_name).collect())
}

/// The names of the steps that a file lacks; all of them when there is no file yet. Changes nothing.
pub(crate) async fn missing(path: &Path) -> Result<Vec<String>, StoreError> {
    let mut before = Vec::new();
    if path.exists() {
        let options = connect_options(path).create_if_missing(false);
        let mut connection = options.connect().await.map_err(|error| setup(path, &error))?;
        before = applied(&mut connection).await;
        connection.close().await.map_err(|error| setup(path, &error))?;
    }
    if let Some(step) = before.iter().find(|version| MIGRATIONS.iter().all(|step| step.version != **version))
    {
        return Err(unmigrated(path, MigrateError::VersionMissing(*step)));
    }
    Ok(MIGRATIONS.iter().filter(|step| !before.contains(&step.version)).map(step_name).collect())
}

/// The names of all steps.
#[cfg(test)]
pub(crate) fn step_names() -> Vec<String> {
    MIGRATIONS.iter().map(step_name).collect()
}

/// None in a file that has no schema yet.
async fn applied(connection: &mut SqliteConnection) -> Vec<i64> {
    let steps = sqlx::query_scalar("SELECT version FROM _sqlx_migrations").fetch_all(connection);
    steps.await.unwrap_or_default()
}

fn unmigrated(path: &Path, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(step) => StoreError::Setup(format!(
            "{}: it was written by a newer version of this program, which knows schema step {step}",
            path.display()
        )),
        other => setup(path, &other),
    }
}

/// Nothing of a row is in these errors: no statement with arguments has run yet.
pub(super) fn setup(path: &Path, error: &dyn std::error::Error) -> StoreError {
    StoreError::Setup(format!("{}: {error}", path.display()))
}

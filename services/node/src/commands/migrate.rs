//! `waybill migrate`: brings the schema of the database up to date.

use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::{Shutdown, start_telemetry};

use super::{GRACE, load};
use crate::cli::SettingsSource;
use crate::node::database;

pub async fn run(source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    start_telemetry(&settings.telemetry)?;
    let shutdown = Shutdown::new(GRACE);
    shut_down_on_signals(&shutdown)?;
    let applied = database::migrate(&settings, &shutdown).await?;
    for step in &applied {
        println!("applied {step}");
    }
    match applied.len() {
        0 => println!("The schema is up to date."),
        1 => println!("1 step applied; the schema is up to date."),
        count => println!("{count} steps applied; the schema is up to date."),
    }
    Ok(())
}

//! `waybill doctor`: looks at everything a node depends on and says how to mend what is wrong.
//!
//! Changes nothing, and may run beside a running node. One file looks at one thing.

mod api;
mod backend;
mod database;
mod directory;
mod disk;
mod finding;
mod identity;
mod keyring;
mod patient;
mod peers;
mod report;
mod settings;
mod vendors;

use waybill_runtime::settings::Settings;

pub use self::finding::{Findings, Verdict};
use self::patient::Patient;
pub use self::report::print;
pub use self::settings::examine as examine_settings;

/// Looks at everything, one thing after the other; a thing that another depends on comes first.
pub async fn examine(settings: Settings, findings: &mut Findings) -> anyhow::Result<()> {
    let patient = Patient::new(settings)?;
    disk::examine(&patient, findings);
    let store = database::examine(&patient, findings).await;
    if let Some(store) = &store {
        keyring::examine(&patient, store, findings).await;
        api::examine(&patient, store, findings).await;
    }
    let directory = directory::examine(&patient, store.as_ref(), findings).await;
    if let Some(directory) = &directory {
        identity::examine(&patient, directory, findings);
        peers::examine(&patient, directory, findings).await;
    }
    backend::examine(&patient, findings).await;
    vendors::examine(&patient, findings).await;
    if let Some(store) = store {
        store.close().await;
    }
    Ok(())
}

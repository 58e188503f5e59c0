//! Does the database open, and does it have the schema of this program?

use waybill_store::{Store, StoreError, StoreOptions};

use super::finding::Findings;
use super::patient::Patient;
use crate::node::database::options_of_command;

/// The opened database, when it can be looked into.
pub async fn examine(patient: &Patient, findings: &mut Findings) -> Option<Store> {
    let options = options_of_command(&patient.settings);
    let (name, is_file) = match &options {
        StoreOptions::Sqlite { path, .. } if !path.exists() => {
            findings.fine("database", format!("{} is made at the first start", path.display()));
            return None;
        }
        StoreOptions::Sqlite { path, .. } => (path.display().to_string(), true),
        StoreOptions::Server(_) => ("the server of database.url".to_owned(), false),
    };
    match Store::missing_steps(&options).await {
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => {
            lacks(&name, &missing, is_file, findings);
            return None;
        }
        Err(error) => {
            unopened(&name, &error, is_file, findings);
            return None;
        }
    }
    match Store::open(&options).await {
        Ok(store) => {
            findings.fine("database", format!("{name} opens, and its schema is current"));
            Some(store)
        }
        Err(error) => {
            unopened(&name, &error, is_file, findings);
            None
        }
    }
}

/// A file is brought up to date by whoever opens it, so it is not opened here.
fn lacks(name: &str, missing: &[String], is_file: bool, findings: &mut Findings) {
    let text = format!("{name} lacks {} steps of the schema, from {} on", missing.len(), missing[0]);
    match is_file {
        true => findings.warning(
            "database",
            text,
            "keep a copy of the file: the next start brings it up to date, and an older program cannot use it then",
        ),
        false => findings.fault("database", text, "keep a backup, and run `waybill migrate`"),
    }
}

fn unopened(name: &str, error: &StoreError, is_file: bool, findings: &mut Findings) {
    let mend = match error {
        _ if is_file => {
            "look whether it is whole, whose it is, and whether an older program than the one before is running"
        }
        StoreError::Unavailable(_) => "look whether the server runs and whether database.url names it",
        _ => {
            "compare database.url and the other settings of the database with what the server expects, and look \
             whether an older program than the one before is running"
        }
    };
    findings.fault("database", format!("{name}: {error}"), mend);
}

//! A document and everything that the rules of a profile say about it.

use chrono::NaiveDate;
use serde_json::Value;

use super::document::{Document, finish, read_document};
use super::habits::Habit;
use super::json::{self, Unreadable};
use super::reading::Reading;
use crate::finding::{Finding, Rule};
use crate::keys;
use crate::locate::is_given;
use crate::path::Path;
use crate::profile::Profile;
use crate::validate::check_payload;

/// All that is to be said about a document by the rules of a profile, as on the day `today`, in document order.
///
/// The document may be in any dialect and shape, also wrapped in a message of a protocol. Never fails: what cannot be
/// read is a finding with its path. By [`Profile::VerifyVasp`], the errors are those for which the private API refuses.
pub fn check(value: &Value, profile: Profile, today: NaiveDate) -> Vec<Finding> {
    check_read(value, Reading::by(profile, Some(today))).findings
}

/// As [`check`], from JSON text, with the document as it was read. Fields that stand twice under exactly the same name
/// are findings, too.
///
/// # Errors
/// [`Unreadable`] when it is too long or not JSON.
pub fn check_json(json: &[u8], profile: Profile, today: NaiveDate) -> Result<Document, Unreadable> {
    let mut reading = Reading::by(profile, Some(today));
    let value = json::parse(json, &mut reading)?;
    Ok(check_read(&value, reading))
}

fn check_read(value: &Value, mut reading: Reading) -> Document {
    let (payload, path) = read_document(value, &mut reading);
    let path = Path::Base(&path);
    let mut payload_as_checked = payload.clone();
    if !reading.findings.profile.is_standard() {
        payload_as_checked.originator.gather_accounts();
        payload_as_checked.beneficiary.gather_accounts();
    }
    if !reading.findings.profile.is_standard() {
        // No part of the profile: nothing is refused because of them.
        reading.findings.soften_below(&path.key(keys::TRANSFER_PATH.name));
        reading.findings.soften_below(&path.key(keys::PAYLOAD_METADATA.name));
    }
    let mut absent = reading.findings.fork();
    for key in [&keys::ORIGINATOR, &keys::BENEFICIARY] {
        let path = path.key(key.name);
        if !is_given(value, &path.to_string()) {
            absent.missing(&path);
        }
    }
    reading.findings.add_rules(absent);
    let mut rules = reading.findings.fork();
    check_payload(&payload_as_checked, &path, &mut rules);
    // A document of another shape has other paths than its model: they meet where the document has them.
    rules.locate(value, "");
    reading.findings.locate(value, "");
    reading.findings.add_rules(rules);
    remark_habits(&path, &mut reading);
    finish(payload, reading, value)
}

/// A strict reader of the edition does not find what is written otherwise.
fn remark_habits(path: &Path<'_>, reading: &mut Reading) {
    let foreign = |habit: &Habit| habit.is_foreign_to(reading.findings.profile);
    let foreign: Vec<Habit> = reading.habits.all().into_iter().filter(foreign).collect();
    for habit in foreign {
        let text = format!("A strict reader of this edition would not understand: {}.", habit.text());
        reading.findings.warning(path, Rule::Spelling, text);
    }
}

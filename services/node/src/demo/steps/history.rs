//! The list of verifications.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::acts::{is_readable, only};
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

const FIELDS: [&str; 5] = ["verificationUuid", "result", "reason", "beneficiaryVaspId", "verifiedAt"];

pub struct History;

#[async_trait(?Send)]
impl Step for History {
    fn title(&self) -> &'static str {
        "Look it up"
    }

    fn why(&self) -> &'static str {
        "Support wants to see what became of a withdrawal. The list is searched by account, date, asset, result and more; the personal data in it lies sealed in the database and is opened for the answer."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let path = format!("/v1/verifications?originatorAccountNumber={}&rpp=5", stage.story.account);
        let reply = stage.send(Side::Ours, Ask::get(path)).await?;
        expect::status(&reply, 200)?;
        let found = reply.body["verifications"].as_array().cloned().unwrap_or_default();
        let shown = found.iter().map(shown).collect::<anyhow::Result<Vec<_>>>()?;
        stage.answer(Side::Ours, &reply, &json!({"count": reply.body["count"], "verifications": shown}))?;
        expect::field(&reply.body, "/count", 2)?;
        let uuid = stage.story.verification()?;
        let followed = found.iter().find(|record| record["verificationUuid"] == uuid.as_str());
        let Some(followed) = followed else { anyhow::bail!("{uuid} is not in the list") };
        expect::field(followed, "/result", "VERIFIED")?;
        is_readable(followed, "Barnes")?;
        stage.nothing_was_asked()?;
        stage.screen.blank()?;
        stage.screen.check("Both are there, newest first; each node answers from its own database.")
    }
}

/// A record in short: its four parts of IVMS101 are JSON in a text each, of which only the originator's name is shown.
fn shown(record: &Value) -> anyhow::Result<Value> {
    let originator: Value = serde_json::from_str(expect::text(record, "/ivms101Originator")?)?;
    let name = "/originatorPersons/0/naturalPerson/name/nameIdentifier/0";
    let part = |part: &str| expect::text(&originator, &format!("{name}/{part}")).map(str::to_owned);
    let name = [part("primaryIdentifier")?, part("secondaryIdentifier")?].join(" ");
    let mut shown = only(record, &FIELDS);
    shown["ivms101Originator"] = json!(format!("… {name} and more"));
    Ok(shown)
}

//! The risk assessment before the transaction.

use anyhow::ensure;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Risk;

#[async_trait(?Send)]
impl Step for Risk {
    fn title(&self) -> &'static str {
        "Is there a risk?"
    }

    fn why(&self) -> &'static str {
        "Before anything moves, our backend has the beneficiary screened: is the address on a sanctions list, what does Chainalysis know of it, is the person on a list of World-Check? The first answer comes at once, the others by callback; the sandbox plays the vendors."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let uuid = stage.story.verification()?;
        let reply = stage.send_and_show(Side::Ours, ask("chainalysis-sanction", &uuid)).await?;
        expect::status(&reply, 200)?;
        expect::field(&reply.body, "/chainalysisSanction/status", "NOHIT")?;

        let kyt =
            assessed(stage, &uuid, "chainalysis-kyt", "CHAINALYSIS_KYT_RESULT", "chainalysisKYT").await?;
        expect::field(&kyt, "/apiType", "ATTEMPT")?;
        expect::field(&kyt, "/alertCount", 0)?;
        let found =
            assessed(stage, &uuid, "refinitiv-wco", "REFINITIV_WCO_RESULT", "refinitivWorldCheckOne").await?;
        ensure!(found["matchStrength"].is_null(), "World-Check should know nobody of this name");
        stage.screen.blank()?;
        stage.screen.check("No list names the address, KYT raises no alert, World-Check finds no match.")
    }
}

fn ask(vendor: &str, uuid: &str) -> Ask {
    Ask::post(format!("/v1/risk-assessment/{vendor}"), json!({ "verificationUuid": uuid }))
}

/// Has a vendor asked that takes its time, and shows the callback; gives the result.
async fn assessed(stage: &Stage, uuid: &str, vendor: &str, kind: &str, of: &str) -> anyhow::Result<Value> {
    let asked = stage.now_about(uuid);
    let reply = stage.send_and_show(Side::Ours, ask(vendor, uuid)).await?;
    expect::status(&reply, 200)?;
    let heard = stage.wait_for_callback(Side::Ours, &asked, kind).await?;
    stage.show_callback(Side::Ours, &asked, &heard)?;
    let result = heard.body["data"]["riskAssessment"][of].clone();
    expect::field(&result, "/requestId", expect::text(&reply.body, "/requestId")?)?;
    expect::field(&result, "/status", "PROCESSED")?;
    Ok(result)
}

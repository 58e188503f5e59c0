//! Several withdrawals in one transaction.

use anyhow::ensure;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::acts::as_before;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Batch;

#[async_trait(?Send)]
impl Step for Batch {
    fn title(&self) -> &'static str {
        "Two withdrawals, one transaction"
    }

    fn why(&self) -> &'static str {
        "To save fees, two withdrawals leave in one transaction. Each is verified on its own, and both are reported with the same hash and an output each."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let hash = stage.random_hex::<32>();
        for vout in ["0", "1"] {
            let request =
                Transfer::usual(&stage.story.account).verification("ACCOUNT_NUMBER", stage.clock.now());
            let shown = as_before(json!({"requiredBeneficiaryInfo": "ACCOUNT_NUMBER"}));
            let asked =
                stage.verify(Side::Ours, Ask::post("/v1/verifications", request).showing(shown)).await?;
            let told = stage.wait_for_callback(Side::Ours, &asked, "VERIFICATION_RESULT").await?;
            expect::field(&told.body, "/data/verificationResult", "VERIFIED")?;

            let report = json!({"verificationUuid": asked.uuid, "txHash": hash, "vout": vout});
            let reply = stage.send_and_show(Side::Ours, Ask::post("/v1/verifications/tx", report)).await?;
            expect::status(&reply, 200)?;
            let told = stage.callback(Side::Robot, &asked, "TX_REPORT").await?;
            expect::field(&told, "/vout", vout)?;
        }
        let path = format!("/v1/verifications?txHash={hash}");
        let reply = stage.send(Side::Robot, Ask::get(path)).await?;
        let found = reply.body["verifications"].as_array().cloned().unwrap_or_default();
        let outputs: Vec<&Value> = found.iter().map(|record| &record["vout"]).collect();
        stage.answer(Side::Robot, &reply, &json!({"count": reply.body["count"], "vouts": outputs}))?;
        ensure!(found.len() == 2, "two verifications should have this hash, and {} have", found.len());
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage.screen.check("One hash, two outputs: the robot can credit both deposits.")
    }
}

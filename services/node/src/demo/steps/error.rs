//! The error report.

use async_trait::async_trait;
use serde_json::json;

use super::Step;
use crate::demo::acts::as_before;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct ErrorReport;

#[async_trait(?Send)]
impl Step for ErrorReport {
    fn title(&self) -> &'static str {
        "The customer changes their mind"
    }

    fn why(&self) -> &'static str {
        "Verified, but the transfer will never happen. Our backend says so, so that the robot does not wait for a deposit; both sides close the verification with the same reason."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let request = Transfer::usual(&stage.story.account).verification("ACCOUNT_NUMBER", stage.clock.now());
        let ask = Ask::post("/v1/verifications", request).showing(as_before(json!({})));
        let asked = stage.verify(Side::Ours, ask).await?;
        let told = stage.wait_for_callback(Side::Ours, &asked, "VERIFICATION_RESULT").await?;
        expect::field(&told.body, "/data/verificationResult", "VERIFIED")?;

        let report = json!({
            "verificationUuid": asked.uuid, "result": "ERROR", "reason": "USER-CANCELED",
            "message": "The customer changed their mind"
        });
        let reported = stage.now_about(&asked.uuid);
        let reply = stage.send_and_show(Side::Ours, Ask::post("/v1/verifications/error", report)).await?;
        expect::status(&reply, 200)?;
        let told = stage.wait_for_callback(Side::Robot, &reported, "ERROR_REPORT").await?;
        stage.travelled("errors", Some(&asked.uuid)).await?;
        stage.show_callback(Side::Robot, &reported, &told)?;
        expect::field(&told.body, "/data/reason", "USER-CANCELED")?;
        for side in [Side::Ours, Side::Robot] {
            let record = stage.record(side, &asked.uuid).await?;
            expect::field(&record, "/result", "ERROR")?;
            expect::field(&record, "/reason", "USER-CANCELED")?;
        }
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage.screen.check("ERROR, USER-CANCELED at both nodes; the free text travelled sealed.")
    }
}

//! The verification of both customers.

use async_trait::async_trait;

use super::Step;
use crate::demo::acts::is_readable;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::people::ROBOT_ADDRESS;
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

const ASKED: &str = "NATURAL_PERSON_NAME,ACCOUNT_NUMBER";

pub struct Verification;

#[async_trait(?Send)]
impl Step for Verification {
    fn title(&self) -> &'static str {
        "Who sends, and who receives?"
    }

    fn why(&self) -> &'static str {
        "The verification that the travel rule asks for. Our node answers as soon as the request is stored, then asks the robot's node, whose backend decides; the result comes back as a callback."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let request = Transfer::usual(&stage.story.account).verification(ASKED, stage.clock.now());
        stage.story.request = request.clone();
        let ask = Ask::post("/v1/verifications", request);
        let asked =
            stage.verify(Side::Ours, ask.header("idempotency-key", &stage.story.idempotency_key)?).await?;
        stage.story.verification = Some(asked.uuid.clone());

        let uuid = asked.uuid.as_str();
        let is_it = |body: &serde_json::Value| body["verificationUuid"] == uuid;
        let decided = stage.wait_for_backend(Side::Robot, "verification", is_it).await?;
        stage.travelled("verifications", Some(uuid)).await?;
        stage.show_backend(Side::Robot, &decided)?;
        for text in ["Barnes", "Robbins", ROBOT_ADDRESS] {
            is_readable(&decided.body, text)?;
        }
        let told = stage.callback(Side::Ours, &asked, "VERIFICATION_RESULT").await?;
        expect::field(&told, "/verificationResult", "VERIFIED")?;
        expect::field(&told, "/ivms101/beneficiary/accountNumber/0", ROBOT_ADDRESS)?;
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage.screen.check("VERIFIED: now the transaction may be sent to the blockchain.")
    }
}

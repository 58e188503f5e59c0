//! The robot sends to us.

use async_trait::async_trait;
use serde_json::Value;

use super::Step;
use crate::demo::acts::is_readable;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::people::{OUR_ADDRESS, OUR_COMPANY, TAYLOR_ROBBINS, TAYLOR_ROBBINS_BORN, legal, natural};
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Incoming;

#[async_trait(?Send)]
impl Step for Incoming {
    fn title(&self) -> &'static str {
        "The other direction"
    }

    fn why(&self) -> &'static str {
        "Now a customer of the robot sends to a company that is ours. The same programs with the roles exchanged: our backend decides about our customer."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let account = stage.random_hex::<20>();
        let transfer = Transfer {
            to: Side::Ours,
            originator: natural(TAYLOR_ROBBINS, Some(TAYLOR_ROBBINS_BORN)),
            originator_account: &account,
            beneficiary: legal(OUR_COMPANY),
            beneficiary_account: OUR_ADDRESS,
        };
        let request = transfer.verification("LEGAL_PERSON_NAME,ACCOUNT_NUMBER", stage.clock.now());
        let asked = stage.verify(Side::Robot, Ask::post("/v1/verifications", request)).await?;
        let is_it = |body: &Value| body["verificationUuid"] == asked.uuid.as_str();
        let decided = stage.wait_for_backend(Side::Ours, "verification", is_it).await?;
        stage.travelled("verifications", Some(&asked.uuid)).await?;
        stage.show_backend(Side::Ours, &decided)?;
        for text in ["Robbins", TAYLOR_ROBBINS_BORN, OUR_COMPANY] {
            is_readable(&decided.body, text)?;
        }
        let told = stage.callback(Side::Robot, &asked, "VERIFICATION_RESULT").await?;
        expect::field(&told, "/verificationResult", "VERIFIED")?;
        is_readable(&told, OUR_COMPANY)?;
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage
            .screen
            .check("VERIFIED: we confirmed our customer to the robot, and told only what was asked for.")
    }
}

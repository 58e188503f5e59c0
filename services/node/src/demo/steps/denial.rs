//! A verification that is denied.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::acts::as_before;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::people::{STRANGER, natural};
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Denial;

#[async_trait(?Send)]
impl Step for Denial {
    fn title(&self) -> &'static str {
        "A name that does not fit"
    }

    fn why(&self) -> &'static str {
        "The customer made a mistake: the address is right, the name is not. The robot's backend denies, and our backend learns why before any money moves."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let stranger = natural(STRANGER, None);
        let transfer = Transfer { beneficiary: stranger.clone(), ..Transfer::usual(&stage.story.account) };
        let request = transfer.verification("NATURAL_PERSON_NAME,ACCOUNT_NUMBER", stage.clock.now());
        let shown = json!({"payload": {"ivms101": {"beneficiary": {"beneficiaryPersons": [stranger]}}}});
        let ask = Ask::post("/v1/verifications", request).showing(as_before(shown));
        let asked = stage.verify(Side::Ours, ask).await?;
        let told: Value = stage.callback(Side::Ours, &asked, "VERIFICATION_RESULT").await?;
        expect::field(&told, "/verificationResult", "DENIED")?;
        expect::field(&told, "/reason", "MISMATCHED-NAME")?;
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage
            .screen
            .check("DENIED, MISMATCHED-NAME: the withdrawal stops here, and the customer can correct it.")
    }
}

//! The inquiry about a transaction.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Inquiry;

#[async_trait(?Send)]
impl Step for Inquiry {
    fn title(&self) -> &'static str {
        "How far is the transfer?"
    }

    fn why(&self) -> &'static str {
        "The deposit takes long, and the robot's backend asks. Its node asks ours, ours asks our backend, and the answer comes back in the same request."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let uuid = stage.story.verification()?;
        stage.transfer_is(&uuid, "WAIT-CONFIRM").await?;
        let ask = Ask::post("/v1/verifications/tx/inquiry", json!({"verificationUuid": uuid}));
        let reply = stage.send(Side::Robot, ask).await?;
        expect::status(&reply, 200)?;
        stage.travelled("inquiries", Some(&uuid)).await?;
        let is_it = |body: &Value| body["verificationUuid"] == uuid.as_str();
        let asked = stage.wait_for_backend(Side::Ours, "transaction", is_it).await?;
        stage.show_backend(Side::Ours, &asked)?;
        stage.answer(Side::Robot, &reply, &reply.body)?;
        expect::field(&reply.body, "/transactionStatus", "WAIT-CONFIRM")?;
        expect::field(&reply.body, "/txHash", stage.story.tx_hash.as_str())?;
        stage.screen.blank()?;
        stage.screen.check("WAIT-CONFIRM: it waits for confirmations.")
    }
}

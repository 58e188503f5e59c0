//! A repeated request.

use anyhow::ensure;
use async_trait::async_trait;
use serde_json::json;

use super::Step;
use crate::demo::acts::as_before;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::journal::heard;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Repeat;

#[async_trait(?Send)]
impl Step for Repeat {
    fn title(&self) -> &'static str {
        "The same request once more"
    }

    fn why(&self) -> &'static str {
        "Our backend lost the answer and asks again. The Idempotency-Key makes that safe: it gets the same verification, and nobody is asked a second time."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let uuid = stage.story.verification()?;
        let ask = Ask::post("/v1/verifications", stage.story.request.clone())
            .header("idempotency-key", &stage.story.idempotency_key)?
            .showing(as_before(json!({})));
        let reply = stage.send_and_show(Side::Ours, ask).await?;
        expect::status(&reply, 200)?;
        expect::field(&reply.body, "/verificationUuid", uuid)?;
        stage.nothing_was_asked()?;
        let asked = heard(stage, Side::Robot, "verification", stage.since).await?;
        ensure!(asked.is_empty(), "the robot's backend was asked again");
        stage.screen.blank()?;
        stage.screen.check("The same verificationUuid as before; nothing went to the other node.")
    }
}

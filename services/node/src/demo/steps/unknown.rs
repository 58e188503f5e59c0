//! A counterparty that is not in the directory.

use async_trait::async_trait;
use serde_json::json;

use super::Step;
use crate::demo::acts::as_before;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::requests::Transfer;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

const NOBODY: &str = "10000000000000000001";

pub struct Unknown;

#[async_trait(?Send)]
impl Step for Unknown {
    fn title(&self) -> &'static str {
        "A VASP that nobody knows"
    }

    fn why(&self) -> &'static str {
        "The customer names a VASP that is not in the signed list. Our node refuses at once: personal data goes to known members only."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let mut request =
            Transfer::usual(&stage.story.account).verification("ACCOUNT_NUMBER", stage.clock.now());
        request["beneficiaryVaspId"] = json!(NOBODY);
        let shown = as_before(json!({"beneficiaryVaspId": NOBODY}));
        let reply =
            stage.send_and_show(Side::Ours, Ask::post("/v1/verifications", request).showing(shown)).await?;
        expect::status(&reply, 400)?;
        expect::field(&reply.body, "/code", "ALLIANCE-NOT-FOUND")?;
        stage.nothing_was_asked()?;
        stage.screen.blank()?;
        stage.screen.check("Refused with a code that a program can act on; nothing left our node.")
    }
}

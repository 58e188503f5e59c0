//! The account check.

use async_trait::async_trait;

use super::Step;
use crate::demo::acts::is_readable;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::people::{ROBOT_ADDRESS, TAYLOR_ROBBINS, natural};
use crate::demo::requests::account_check;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Account;

#[async_trait(?Send)]
impl Step for Account {
    fn title(&self) -> &'static str {
        "Does the address belong to a customer there?"
    }

    fn why(&self) -> &'static str {
        "Before anything about the sender leaves us, our backend asks whether address and name fit. Our node seals both to a key of the robot's node and answers at once; nothing is stored."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let request = account_check(Side::Robot, ROBOT_ADDRESS, &natural(TAYLOR_ROBBINS, None));
        let reply = stage.send(Side::Ours, Ask::post("/v1/verifications/account", request)).await?;
        expect::status(&reply, 200)?;
        stage.travelled("accounts", None).await?;
        let asked = stage.wait_for_backend(Side::Robot, "account", |_| true).await?;
        stage.show_backend(Side::Robot, &asked)?;
        is_readable(&asked.body, "Robbins")?;
        is_readable(&asked.body, ROBOT_ADDRESS)?;
        stage.answer(Side::Ours, &reply, &reply.body)?;
        expect::field(&reply.body, "/accountVerificationResult", "VERIFIED")?;
        stage.screen.blank()?;
        stage.nothing_is_readable()?;
        stage.screen.check("VERIFIED: the address belongs to a customer of that name.")
    }
}

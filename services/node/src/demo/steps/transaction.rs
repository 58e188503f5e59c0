//! The transaction report.

use async_trait::async_trait;
use serde_json::json;

use super::Step;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Transaction;

#[async_trait(?Send)]
impl Step for Transaction {
    fn title(&self) -> &'static str {
        "The transaction is on its way"
    }

    fn why(&self) -> &'static str {
        "Our backend has sent the ETH and reports the hash, so that the robot can tell which deposit belongs to this verification."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let uuid = stage.story.verification()?;
        let hash = stage.random_hex::<32>();
        stage.story.tx_hash.clone_from(&hash);
        let asked = stage.now_about(&uuid);
        let report = json!({"verificationUuid": uuid, "txHash": hash});
        let reply = stage.send_and_show(Side::Ours, Ask::post("/v1/verifications/tx", report)).await?;
        expect::status(&reply, 200)?;
        let told = stage.callback(Side::Robot, &asked, "TX_REPORT").await?;
        expect::field(&told, "/txHash", hash.as_str())?;
        for side in [Side::Ours, Side::Robot] {
            expect::field(&stage.record(side, &uuid).await?, "/txHash", hash.as_str())?;
        }
        stage.screen.blank()?;
        stage.screen.check("The robot's backend knows the hash; both nodes have it on record.")
    }
}

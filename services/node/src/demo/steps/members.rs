//! The list of VASPs.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Step;
use crate::demo::acts::only;
use crate::demo::ask::Ask;
use crate::demo::expect;
use crate::demo::side::Side;
use crate::demo::stage::Stage;

pub struct Members;

#[async_trait(?Send)]
impl Step for Members {
    fn title(&self) -> &'static str {
        "Who can receive?"
    }

    fn why(&self) -> &'static str {
        "A customer of ours wants to withdraw ETH. The app offers the VASPs that can receive it: our backend gets the list from our node, which has it from a document that the operator of the alliance signed."
    }

    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let reply = stage.send(Side::Ours, Ask::get("/v1/vasps")).await?;
        expect::status(&reply, 200)?;
        let vasps = reply.body["vasps"].as_array().cloned().unwrap_or_default();
        let fields = ["vaspId", "vaspName", "country", "protocol", "health"];
        let shown: Vec<Value> = vasps.iter().map(|vasp| only(vasp, &fields)).collect();
        stage.answer(Side::Ours, &reply, &json!({"vasps": shown}))?;
        let robot = json!(Side::Robot.vasp_id());
        let listed = vasps.iter().find(|vasp| vasp["vaspId"] == robot);
        expect::field(listed.unwrap_or(&Value::Null), "/vaspName", "Robot VASP")?;
        stage.screen.blank()?;
        stage.screen.check("The robot is a member; we may send to it.")
    }
}

//! `GET /v1/vasps`: the members of the alliance, ourselves included.

mod describe;

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use waybill_directory::Member;
use waybill_domain::{Fault, Timestamp, VaspId, iso_time, text_enum};
use waybill_store::tables::member_health;

use crate::ingress::SharedIngress;
use crate::reading::Query;
use crate::refused::Refused;

pub(crate) use describe::operation;

const ALLIANCE: &str = "ALLIANCE";

text_enum! {
    /// Which members are wanted.
    pub enum Protocol {
        /// All of them.
        All = "ALL",
        /// Those who speak the protocol of this alliance.
        Alliance = "ALLIANCE" | "VERIFYVASP",
        /// Those who are reached over CODE.
        Code = "CODE",
    }
}

#[derive(Serialize)]
pub(crate) struct Answer {
    vasps: Vec<Vasp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vasp {
    health: &'static str,
    vasp_id: VaspId,
    vasp_name: String,
    legal_name: Option<String>,
    jurisdiction: Option<String>,
    is_alliance: bool,
    country: Option<String>,
    country_code: Option<String>,
    protocol: String,
    licensed_status: Option<String>,
    vasp_status: String,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    #[serde(with = "iso_time")]
    updated_at: Timestamp,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    query: Query,
) -> Result<Json<Answer>, Refused> {
    let wanted = wanted(&query)?;
    let known = ingress.ctx.store.read("list_vasps", (), |tx, ()| Box::pin(member_health::all(tx))).await?;
    let is_up: HashMap<VaspId, bool> = known.iter().map(|member| (member.vasp_id, member.up)).collect();
    let directory = ingress.ctx.directory.current();
    let members = directory.members().iter().filter(|member| speaks(member, wanted));
    let vasps = members.map(|member| Vasp::of(member, is_up.get(&member.vasp_id).copied())).collect();
    Ok(Json(Answer { vasps }))
}

/// `protocol`, or its older form `includesAll`.
fn wanted(query: &Query) -> Result<Protocol, Fault> {
    let (protocol, includes_all) = (query.parsed("protocol")?, query.parsed("includesAll")?);
    let older = if includes_all.unwrap_or(true) { Protocol::All } else { Protocol::Alliance };
    Ok(protocol.unwrap_or(older))
}

fn speaks(member: &Member, wanted: Protocol) -> bool {
    wanted == Protocol::All || member.protocols.iter().any(|spoken| spoken == wanted.as_str())
}

impl Vasp {
    /// `is_up` is what the last polls said. A member that was not polled yet counts as up: nothing speaks against it.
    fn of(member: &Member, is_up: Option<bool>) -> Self {
        let is_alliance = speaks(member, Protocol::Alliance);
        let protocol =
            if is_alliance { Some(ALLIANCE) } else { member.protocols.first().map(String::as_str) };
        Self {
            health: if is_up.unwrap_or(true) { "UP" } else { "DOWN" },
            vasp_id: member.vasp_id,
            vasp_name: member.vasp_name.clone(),
            legal_name: member.legal_name().map(str::to_owned),
            jurisdiction: member.jurisdiction.clone(),
            is_alliance,
            country: member.country.clone(),
            country_code: member.country_code.clone(),
            protocol: protocol.unwrap_or(ALLIANCE).to_owned(),
            licensed_status: member.licensed_status.clone(),
            vasp_status: member.vasp_status.clone(),
            created_at: member.created_at,
            updated_at: member.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waybill_store::tables::member_health::MemberHealth;

    use super::*;
    use crate::testing::{Api, INACTIVE, OURS, ROBOT};

    #[tokio::test]
    async fn members_are_shown_in_the_shape_of_the_interface() {
        let answer = Api::start().await.get("/v1/vasps").await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json()["vasps"][1],
            json!({
                "health": "UP", "vaspId": ROBOT, "vaspName": "Robot", "legalName": "Robot VASP Ltd",
                "jurisdiction": "Singapore", "isAlliance": true, "country": "Singapore", "countryCode": "SG",
                "protocol": "ALLIANCE", "licensedStatus": "Regulated", "vaspStatus": "VERIFIED-MEMBER",
                "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"
            })
        );
    }

    #[tokio::test]
    async fn the_caller_itself_and_inactive_members_are_listed() {
        let answer = Api::start().await.get("/v1/vasps").await.json();
        let ids: Vec<_> =
            answer["vasps"].as_array().unwrap().iter().map(|vasp| vasp["vaspId"].clone()).collect();
        assert_eq!(ids, [OURS, ROBOT, INACTIVE]);
    }

    #[tokio::test]
    async fn a_member_is_down_once_the_polls_say_so() {
        let api = Api::start().await;
        let at = api.clock_now();
        let down = MemberHealth {
            vasp_id: ROBOT.parse().unwrap(),
            up: false,
            streak: -3,
            checked_at: at,
            changed_at: at,
        };
        api.ctx
            .store
            .write("test", down, |tx, down| Box::pin(member_health::put(tx, down)))
            .await
            .map_err(|error: waybill_store::StoreError| error)
            .unwrap();
        let answer = api.get("/v1/vasps").await.json();
        assert_eq!(answer["vasps"][0]["health"], "UP");
        assert_eq!(answer["vasps"][1]["health"], "DOWN");
    }

    #[tokio::test]
    async fn the_filter_knows_its_older_forms() {
        let api = Api::start().await;
        for (query, count) in [
            ("", 3),
            ("?protocol=ALL", 3),
            ("?protocol=ALLIANCE", 3),
            ("?protocol=VERIFYVASP", 3),
            ("?protocol=CODE", 0),
            ("?includesAll=true", 3),
            ("?includesAll=false", 3),
            ("?protocol=CODE&includesAll=true", 0),
        ] {
            let answer = api.get(&format!("/v1/vasps{query}")).await;
            assert_eq!(answer.status, 200, "{query}");
            assert_eq!(answer.json()["vasps"].as_array().unwrap().len(), count, "{query}");
        }
    }

    #[tokio::test]
    async fn unknown_values_are_refused() {
        let api = Api::start().await;
        api.get("/v1/vasps?protocol=alliance").await.refuses(400, "INVALID-PROTOCOL");
        api.get("/v1/vasps?includesAll=1").await.refuses(400, "INVALID-INCLUDES-ALL");
        api.get("/v1/vasps?protocol=ALL&includesAll=1").await.refuses(400, "INVALID-INCLUDES-ALL");
    }
}

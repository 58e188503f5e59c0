//! `GET /v1/networks`: blockchains and the assets on them, for a list to choose from.

mod describe;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use waybill_domain::limits;
use waybill_networks::{DefaultNetwork, Model, Network};

use crate::ingress::SharedIngress;
use crate::reading::Query;
use crate::refused::Refused;

pub(crate) use describe::operation;

#[derive(Serialize)]
pub(crate) struct Answer {
    networks: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    name: String,
    aliases: Vec<String>,
    model: Model,
    native_asset: String,
    assets: Vec<String>,
    /// Without `asset` there is nothing that it could be the default of.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_default: Option<bool>,
    address_pattern: Option<String>,
    hash_pattern: Option<String>,
    chainalysis: String,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    query: Query,
) -> Result<Json<Answer>, Refused> {
    let known = &ingress.ctx.networks;
    let networks = match query.text("asset", limits::SYMBOL)? {
        None => known.all().iter().map(|network| Shown::of(network, None)).collect(),
        Some(asset) => {
            let ticker = known.ticker(&asset);
            let default = match known.default_for(&ticker) {
                DefaultNetwork::One(network) => Some(network.name()),
                DefaultNetwork::Several(_) | DefaultNetwork::Unknown => None,
            };
            let carrying = known.all().iter().filter(|network| network.carries(&ticker));
            carrying.map(|network| Shown::of(network, Some(Some(network.name()) == default))).collect()
        }
    };
    Ok(Json(Answer { networks }))
}

impl Shown {
    fn of(network: &Network, is_default: Option<bool>) -> Self {
        Self {
            name: network.name().to_owned(),
            aliases: network.aliases().to_vec(),
            model: network.model(),
            native_asset: network.native().to_owned(),
            assets: network.assets().to_vec(),
            is_default,
            address_pattern: network.address_pattern().map(str::to_owned),
            hash_pattern: network.hash_pattern().map(str::to_owned),
            chainalysis: network.chainalysis().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::Api;

    const PATH: &str = "/v1/networks";

    async fn networks(api: &Api, query: &str) -> Vec<Value> {
        let answer = api.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer.json()["networks"].as_array().unwrap().clone()
    }

    async fn names(api: &Api, query: &str) -> Vec<(String, bool)> {
        let shown = |network: &Value| {
            (network["name"].as_str().unwrap().to_owned(), network["isDefault"].as_bool().unwrap())
        };
        networks(api, query).await.iter().map(shown).collect()
    }

    #[tokio::test]
    async fn a_network_is_shown_with_all_that_is_known() {
        let all = networks(&Api::start().await, "").await;
        let find = |name| all.iter().find(|network| network["name"] == name).unwrap();
        assert_eq!(
            *find("Polkadot"),
            json!({
                "name": "Polkadot", "aliases": ["DOT"], "model": "ACCOUNT", "nativeAsset": "DOT",
                "assets": ["USDT", "USDC"], "addressPattern": "^(?:1[1-9A-HJ-NP-Za-km-z]{45,47})$",
                "hashPattern": "^(?:0x[0-9a-fA-F]{64})$", "chainalysis": "Polkadot"
            })
        );
        assert_eq!(find("Bitcoin")["model"], "UTXO");
        assert_eq!(find("Binance Smart Chain")["chainalysis"], "Binance_Smart_Chain");
        assert_eq!(find("Astar")["addressPattern"], Value::Null);
    }

    #[tokio::test]
    async fn an_asset_says_whether_a_network_must_be_named() {
        let api = Api::start().await;
        assert_eq!(names(&api, "?asset=trx").await, [("Tron".to_owned(), true)]);
        let ether = names(&api, "?asset=ETH").await;
        assert_eq!(ether[0], ("Ethereum".to_owned(), true));
        assert!(ether.len() > 1 && ether[1..].iter().all(|(_, default)| !default), "{ether:?}");
        let tether = names(&api, "?asset=USDT").await;
        assert!(tether.len() > 1 && tether.iter().all(|(_, default)| !default), "{tether:?}");
        assert_eq!(names(&api, "?asset=MATIC").await, names(&api, "?asset=POL").await);
        assert_eq!(names(&api, "?asset=NOSUCHCOIN").await, []);
        assert_eq!(networks(&api, "?asset=").await, networks(&api, "").await);
    }

    #[tokio::test]
    async fn a_ticker_that_no_asset_can_have_is_refused() {
        let answer = Api::start().await.get(&format!("{PATH}?asset=12345678901234567")).await;
        answer.refuses(400, "INVALID-ASSET");
    }
}

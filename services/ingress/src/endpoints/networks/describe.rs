//! The description of the endpoint.

use serde_json::json;
use waybill_domain::limits;
use waybill_networks::Model;
use waybill_openapi::{Answer, Operation, Schema, Tag, field, optional};

pub(crate) fn operation() -> Operation {
    let asset = Schema::text(limits::SYMBOL)
        .with("minLength", 0)
        .about("Only networks on which this asset is known to live. A ticker that was changed is found by either.")
        .example("USDT");
    let answer =
        Schema::object([field("networks", Schema::list(network()).about("In the order of the data."))]);
    Operation::new("listNetworks", Tag::Vasps, "Blockchains and the assets on them")
        .about(
            "A list to choose from and no limit: other names and assets are taken as well, and are passed on as they are. The \
             setting `screening.networks_file` adds to it.",
        )
        .query("asset", asset)
        .answers(Answer::json("The networks.", answer.named("Networks")).example("one", json!({ "networks": [example()] })))
}

fn network() -> Schema {
    let text =
        |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
    let model = Schema::choice(Model::ALL.iter().map(|model| model.as_str()))
        .about("`UTXO`: the outputs of a transaction have numbers, `vout`. `ACCOUNT`: they have not.")
        .example("ACCOUNT");
    let aliases = Schema::list(text("One spelling.", "TRC20"));
    let pattern = |about: &'static str, example: &'static str| text(about, example).nullable();
    let is_default =
        Schema::of("boolean").about("Whether it stands for a network that is not named. Only with `asset`.");
    Schema::object([
        field("name", text("Its name.", "Tron")),
        field("aliases", aliases.about("Other spellings. Case, spaces, `-` and `_` make no difference.")),
        field("model", model),
        field("nativeAsset", text("Ticker of the coin that pays its fees.", "TRX")),
        field(
            "assets",
            Schema::list(text("A ticker.", "USDT")).about("Tokens that are known to live there."),
        ),
        optional("isDefault", is_default.example(false)),
        field(
            "addressPattern",
            pattern("Form of an address, a regular expression.", "^(?:T[1-9A-HJ-NP-Za-km-z]{33})$"),
        ),
        field("hashPattern", pattern("Form of a transaction's hash, likewise.", "^(?:[0-9a-fA-F]{64})$")),
        field("chainalysis", text("Its name at Chainalysis.", "Tron")),
    ])
    .about("A blockchain.")
    .named("Network")
}

fn example() -> serde_json::Value {
    json!({
        "name": "Tron", "aliases": ["TRX", "TRC20"], "model": "ACCOUNT", "nativeAsset": "TRX", "assets": ["USDT"],
        "isDefault": false, "addressPattern": "^(?:T[1-9A-HJ-NP-Za-km-z]{33})$", "hashPattern": "^(?:[0-9a-fA-F]{64})$",
        "chainalysis": "Tron"
    })
}

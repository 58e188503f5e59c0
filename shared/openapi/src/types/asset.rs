//! What is transferred.

use waybill_domain::limits;

use super::time;
use crate::{Schema, field, optional};

/// A ticker.
pub fn symbol() -> Schema {
    Schema::text(limits::SYMBOL).about("Ticker of the virtual asset: `ETH`, not Ether.").example("ETH")
}

/// A blockchain.
pub fn network() -> Schema {
    Schema::text(limits::NETWORK)
        .about("Blockchain on which it is transferred. Needed for an asset that lives on several.")
        .example("Ethereum")
}

fn amount() -> Schema {
    Schema::of("string").pattern("^[0-9]+(\\.[0-9]+)?$").with("maxLength", limits::AMOUNT)
}

/// The asset, its amount and what it is worth.
pub fn asset_info() -> Schema {
    let amount_of_asset =
        amount().about("Amount, in the asset's own unit: a plain decimal number above 0, never rounded.");
    let price = amount().about("What the whole amount is worth in `tradeCurrency`: a plain decimal number.");
    let currency =
        Schema::text(limits::CURRENCY).about("Currency of the price, ISO 4217; any text is taken.");
    let threshold = Schema::of("boolean")
        .about("Whether the amount exceeds the legal threshold of the originator's jurisdiction. Without it names are not compared.");
    let held = time::read_time()
        .about(format!("When that price held. {} `tradeISODateTime` is read too.", time::READ));
    Schema::object([
        field("symbol", symbol()),
        optional("network", network()),
        field("amount", amount_of_asset.example("1.5")),
        field("isExceedingThreshold", threshold.example(true)),
        field("tradePrice", price.example("2500000")),
        field("tradeCurrency", currency.example("KRW")),
        field("tradeISODatetime", held),
    ])
    .refusable()
    .about("What is transferred, and what it is worth.")
    .named("AssetInfo")
}

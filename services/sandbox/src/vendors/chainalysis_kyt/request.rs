//! Bodies of the two registrations.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{error, networks};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::decimal::Decimal;

/// A transfer. Four fields are enough.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferRequest {
    pub(super) network: Option<String>,
    pub(super) asset: Option<String>,
    pub(super) transfer_reference: Option<String>,
    pub(super) direction: Option<String>,
    pub(super) asset_id: Option<String>,
    pub(super) transfer_timestamp: Option<String>,
    pub(super) asset_amount: Option<Box<RawValue>>,
    pub(super) output_address: Option<String>,
    pub(super) asset_price: Option<Box<RawValue>>,
}

/// A withdrawal attempt.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttemptRequest {
    pub(super) network: Option<String>,
    pub(super) asset: Option<String>,
    pub(super) address: Option<String>,
    pub(super) attempt_identifier: Option<String>,
    pub(super) asset_amount: Option<Box<RawValue>>,
    pub(super) attempt_timestamp: Option<String>,
    pub(super) asset_id: Option<String>,
    pub(super) asset_price: Option<Box<RawValue>>,
}

pub(super) fn read<T: DeserializeOwned>(asked: &Asked) -> Result<T, Answer> {
    serde_json::from_slice(&asked.body).map_err(|_| bad(asked, "JSON parse error"))
}

/// 400.
pub(super) fn bad(asked: &Asked, message: &str) -> Answer {
    error(asked, 400, Some(message))
}

/// A mandatory text.
pub(super) fn text(asked: &Asked, name: &str, value: Option<String>) -> Result<String, Answer> {
    value.filter(|text| !text.trim().is_empty()).ok_or_else(|| bad(asked, &format!("{name} is required")))
}

/// The network in the vendor's spelling.
pub(super) fn network(asked: &Asked, value: Option<String>) -> Result<&'static str, Answer> {
    let sent = text(asked, "network", value)?;
    networks::known(&sent).ok_or_else(|| bad(asked, "network is not supported"))
}

/// A ticker.
pub(super) fn asset(asked: &Asked, value: Option<String>) -> Result<String, Answer> {
    let asset = text(asked, "asset", value)?;
    let is_ticker = asset.len() <= 32 && !asset.contains(char::is_whitespace);
    if is_ticker { Ok(asset.to_uppercase()) } else { Err(bad(asked, "asset is not supported")) }
}

/// A number, also as text; below zero is none.
pub(super) fn number(asked: &Asked, name: &str, raw: Option<&RawValue>) -> Result<Option<Decimal>, Answer> {
    let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return Ok(None) };
    let number = Decimal::of_request(raw).filter(Decimal::is_positive);
    number.map(Some).ok_or_else(|| bad(asked, &format!("{name} must be a number")))
}

/// ISO 8601 with or without a zone.
pub(super) fn time(
    asked: &Asked,
    name: &str,
    value: Option<&str>,
) -> Result<Option<waybill_domain::Timestamp>, Answer> {
    let Some(text) = value else { return Ok(None) };
    let with_zone = || waybill_domain::parse_time(text).ok();
    let bare =
        || chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|at| at.and_utc());
    let at = with_zone().or_else(bare);
    at.map(Some).ok_or_else(|| bad(asked, &format!("{name} must be a time")))
}

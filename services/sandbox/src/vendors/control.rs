//! `PUT` and `GET` of `/vendors/{vendor}/mode` and `/vendors/{vendor}/settings`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::Fault;

use super::Vendor;
use super::mode::Mode;
use super::settings::Change;
use super::state::Playing;
use super::switches::Switch;
use crate::reply::{self, Refusal};
use crate::state::Shared;

/// Longest delay a switch may ask for.
const LONGEST_DELAY_MS: u64 = 600_000;

/// Largest difference of a vendor's clock, in seconds.
const LARGEST_SKEW: i64 = 86_400;

/// What the mode switch takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ModeRequest {
    mode: String,
    times: Option<u32>,
    delay_ms: Option<u64>,
    retry_after: Option<Value>,
    skew_seconds: Option<i64>,
    method: Option<String>,
    path: Option<String>,
}

impl ModeRequest {
    /// The switch to set; `None` is the normal mode.
    fn switch(&self, vendor: Vendor) -> Result<Option<Switch>, Fault> {
        if self.times == Some(0) {
            return Err(Fault::invalid("times"));
        }
        if self.delay_ms.is_some_and(|delay| delay > LONGEST_DELAY_MS) {
            return Err(Fault::invalid("delayMs"));
        }
        if self.skew_seconds.is_some_and(|skew| !(-LARGEST_SKEW..=LARGEST_SKEW).contains(&skew)) {
            return Err(Fault::invalid("skewSeconds"));
        }
        if self.mode == "normal" {
            return Ok(None);
        }
        let mode = Mode::named(&self.mode).filter(|mode| mode.is_known_to(vendor));
        let mode = mode.ok_or_else(|| Fault::invalid("mode"))?;
        let retry_after = match &self.retry_after {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(seconds)) => Some(seconds.to_string()),
            Some(_) => return Err(Fault::invalid("retryAfter")),
        };
        let once = (mode == Mode::NotFoundOnce).then_some(1);
        Ok(Some(Switch {
            mode,
            times: self.times.or(once),
            delay_ms: self.delay_ms,
            retry_after,
            skew_seconds: self.skew_seconds,
            method: self.method.clone(),
            path: self.path.clone(),
        }))
    }
}

/// `PUT …/mode`: sets one switch, or with `normal` takes switches away, and shows what is set.
pub(crate) async fn put_mode(
    vendor: Vendor,
    State(sandbox): State<Shared>,
    request: Result<Json<ModeRequest>, JsonRejection>,
) -> Result<Response, Refusal> {
    let playing = sandbox.vendors()?;
    let request = body(request)?;
    match request.switch(vendor)? {
        Some(switch) => playing.switches.set(vendor, switch),
        None => playing.switches.clear(vendor, request.path.as_deref()),
    }
    Ok(modes(playing, vendor))
}

/// `GET …/mode`: what is set, the newest last.
pub(crate) async fn get_mode(vendor: Vendor, State(sandbox): State<Shared>) -> Result<Response, Refusal> {
    Ok(modes(sandbox.vendors()?, vendor))
}

/// `PUT …/settings`: changes limits, delays and strictness, and shows them.
pub(crate) async fn put_settings(
    vendor: Vendor,
    State(sandbox): State<Shared>,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Response, Refusal> {
    let playing = sandbox.vendors()?;
    let change = body(change)?;
    let shown = playing.change_settings(vendor, change)?;
    Ok(reply::ok(&shown))
}

/// `GET …/settings`.
pub(crate) async fn get_settings(vendor: Vendor, State(sandbox): State<Shared>) -> Result<Response, Refusal> {
    Ok(reply::ok(&sandbox.vendors()?.settings(vendor).shown(vendor)))
}

/// `GET …/answers`: how many answers of each status there were.
pub(crate) async fn get_answers(vendor: Vendor, State(sandbox): State<Shared>) -> Result<Response, Refusal> {
    Ok(reply::ok(&sandbox.vendors()?.counts.shown(vendor)))
}

fn modes(playing: &Playing, vendor: Vendor) -> Response {
    reply::ok(&json!({"modes": playing.switches.shown(vendor)}))
}

fn body<T>(request: Result<Json<T>, JsonRejection>) -> Result<T, Fault> {
    let Json(request) =
        request.map_err(|rejection| Fault::new(400, "INVALID-BODY", rejection.body_text()))?;
    Ok(request)
}

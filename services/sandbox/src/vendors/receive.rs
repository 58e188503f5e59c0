//! The way of every request to a vendor: journal, switch, answer, and what may go wrong with it.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::answer::Answer;
use super::asked::{self, Asked};
use super::mode::Mode;
use super::state::Playing;
use super::switches::Switch;
use super::{Vendor, chainalysis_kyt, chainalysis_sanction, refuse, spoil, world_check};
use crate::connection::Connection;
use crate::journal::{Entry, Owner, Topic};
use crate::receive::LARGEST_REQUEST;
use crate::reply::Refusal;
use crate::state::Shared;

/// Answers one request to one vendor. It is in the journal before anything is answered.
pub(crate) async fn receive(vendor: Vendor, State(sandbox): State<Shared>, request: Request) -> Response {
    let playing = match sandbox.vendors() {
        Ok(playing) => playing,
        Err(fault) => return Refusal(fault).into_response(),
    };
    let (parts, body) = request.into_parts();
    let connection = parts.extensions.get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    let Ok(body) = to_bytes(body, LARGEST_REQUEST).await else {
        return Answer::empty(413).into_response();
    };
    let now = sandbox.clock.now();
    let whole = parts.uri.path_and_query().map_or(parts.uri.path(), |whole| whole.as_str());
    let entry =
        Entry::new(now, whole, &parts.headers, masked, kept(&body)).with_method(parts.method.as_str());
    let kept = sandbox.journal.append(Owner::Vendor(vendor), Topic::Path(whole.into()), entry).await;
    if let Err(fault) = kept {
        return Refusal(fault).into_response();
    }

    let switch = playing.switches.next(vendor, parts.method.as_str(), whole);
    let asked = Asked {
        segments: asked::segments(&parts.uri),
        query: asked::query(&parts.uri),
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
        now: now + skew(switch.as_ref()),
        mode: switch.as_ref().map(|switch| switch.mode),
    };
    let answer = answer(playing, vendor, &asked, switch.as_ref());
    let is_sent = !matches!(asked.mode, Some(Mode::Down | Mode::LostAnswer));
    playing.counts.add(vendor, if is_sent { answer.status } else { 0 });
    spoil::send(answer, &asked, switch.as_ref(), connection.as_ref()).await
}

/// What the switch refuses before the vendor looks at it, or the vendor's own answer.
fn answer(playing: &Playing, vendor: Vendor, asked: &Asked, switch: Option<&Switch>) -> Answer {
    if let Some(refusal) = switch.and_then(|switch| refuse::before(vendor, asked, switch)) {
        return refusal;
    }
    let answer = match vendor {
        Vendor::ChainalysisKyt => chainalysis_kyt::answer(playing, asked),
        Vendor::ChainalysisSanction => chainalysis_sanction::answer(playing, asked),
        Vendor::Refinitiv => world_check::answer(playing, asked),
    };
    match asked.mode {
        Some(Mode::AppliedError(status)) => refuse::with_status(vendor, asked, status),
        _ => answer,
    }
}

/// How far the vendor's clock is off.
fn skew(switch: Option<&Switch>) -> chrono::Duration {
    /// Far more than any signature is good for.
    const USUAL: i64 = 300;
    match switch {
        Some(switch) if switch.mode == Mode::ClockSkew => {
            chrono::Duration::seconds(switch.skew_seconds.unwrap_or(USUAL))
        }
        _ => chrono::Duration::zero(),
    }
}

/// The body as it is kept: JSON, else text, else nothing.
fn kept(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// A header as it is kept. Of a signature stays what was signed, not by whom.
fn masked(name: &HeaderName, value: &str) -> String {
    match name.as_str() {
        "token" | "x-api-key" | "cookie" | "proxy-authorization" => "***".to_owned(),
        "authorization" => value
            .split(',')
            .map(|part| match part.split_once('=') {
                Some((name, _)) if name.ends_with("headers") || name.ends_with("algorithm") => {
                    part.to_owned()
                }
                Some((name, _)) => format!("{name}=\"***\""),
                None => "***".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(","),
        _ => value.to_owned(),
    }
}

/// How late the answer to a slow vendor's request comes.
pub(super) const SLOW: Duration = Duration::from_millis(5_500);

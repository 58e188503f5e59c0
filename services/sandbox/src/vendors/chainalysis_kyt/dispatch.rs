//! Which request is for what.

use axum::http::{HeaderName, Method, header};

use super::{alerts, categories, error, exposures, register, summary, users};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;
use crate::vendors::{Vendor, keys, refuse};

const ME: Vendor = Vendor::ChainalysisKyt;

/// The vendor's answer.
pub(in crate::vendors) fn answer(playing: &Playing, asked: &Asked) -> Answer {
    decide(playing, asked)
        .unwrap_or_else(|refusal| refusal)
        .with(header::CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate")
        .with(header::PRAGMA, "no-cache")
        .with(header::EXPIRES, "0")
}

fn decide(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    if !keys::is_shown(asked, asked.header("token"), &playing.keys.kyt_key) {
        return Err(error(asked, 403, Some("AccessDenied")));
    }
    let settings = playing.settings(ME);
    if !playing.lets_through(ME, &settings, asked.now) {
        return Err(refuse::throttled(ME, asked));
    }
    let path = asked.path();
    match path[..] {
        ["v2", "users", user, "transfers"] => register::transfer(playing, &settings, posted(asked)?, user),
        ["v2", "users", user, "withdrawal-attempts"] => {
            register::attempt(playing, &settings, posted(asked)?, user)
        }
        ["v2", kind @ ("transfers" | "withdrawal-attempts"), id, ref what @ ..] => {
            only(asked, &Method::GET)?;
            about(playing, asked, kind == "transfers", id, what)
        }
        ["v2", "categories"] => only(asked, &Method::GET).map(|()| categories::list()),
        ["v1", "users", ref user @ ..] if user.len() < 2 => {
            only(asked, &Method::GET)?;
            users::users(playing, asked, user.first().copied())
        }
        ["v1", "alerts"] => only(asked, &Method::GET).and_then(|()| alerts::all(playing, asked)),
        _ => Err(Answer::text(410, "text/plain", "Use reactor.chainalysis.com instead")),
    }
}

/// What is asked about something registered.
fn about(
    playing: &Playing,
    asked: &Asked,
    is_transfer: bool,
    id: &str,
    what: &[&str],
) -> Result<Answer, Answer> {
    let registered = playing.registered();
    let record = registered.get(id).filter(|record| record.is_transfer() == is_transfer);
    let record = record.ok_or_else(|| error(asked, 404, Some("The external id is unknown")))?;
    let settings = playing.settings(ME);
    match what {
        [] => Ok(summary::of(record, asked)),
        ["alerts"] => alerts::of(record, asked, &settings),
        ["exposures"] => Ok(exposures::direct(record)),
        ["network-identifications"] => Ok(exposures::networks()),
        ["high-risk-addresses"] if !is_transfer => Ok(exposures::high_risk_addresses(record)),
        _ => Err(error(asked, 404, None)),
    }
}

/// A POST with JSON, or the refusal of anything else.
fn posted(asked: &Asked) -> Result<&Asked, Answer> {
    only(asked, &Method::POST)?;
    if asked.is_json() {
        Ok(asked)
    } else {
        Err(error(asked, 415, Some("Content-Type must be application/json")))
    }
}

fn only(asked: &Asked, method: &Method) -> Result<(), Answer> {
    const ALLOW: HeaderName = header::ALLOW;
    if asked.method == method {
        return Ok(());
    }
    Err(error(asked, 405, Some("Request method is not supported")).with(ALLOW, method.as_str()))
}

//! Refusals that a switch asks for, in the form of each vendor.

use axum::http::{Method, header};
use serde_json::json;

use super::answer::Answer;
use super::asked::Asked;
use super::mode::Mode;
use super::switches::Switch;
use super::times::http_date;
use super::{Vendor, chainalysis_kyt, chainalysis_sanction, world_check};

/// The refusal of a switch that keeps the vendor from doing anything.
pub(super) fn before(vendor: Vendor, asked: &Asked, switch: &Switch) -> Option<Answer> {
    match switch.mode {
        Mode::Down => Some(Answer::empty(503)), // never sent
        Mode::Error(status) => Some(with_status(vendor, asked, status)),
        Mode::Throttled => {
            Some(throttled(vendor, asked).with_retry_after(retry_after(asked, switch).as_deref()))
        }
        Mode::Forbidden if vendor == Vendor::ChainalysisSanction => Some(chainalysis_sanction::no_key()),
        Mode::Forbidden => Some(chainalysis_kyt::error(asked, 403, Some("AccessDenied"))),
        Mode::ForbiddenNoMessage => Some(chainalysis_kyt::error(asked, 403, None)),
        Mode::Unauthorized if vendor == Vendor::Refinitiv => {
            Some(world_check::unauthorized("the switch says so"))
        }
        Mode::Unauthorized => Some(chainalysis_sanction::wrong_key()),
        Mode::Quota if world_check::makes_or_screens(asked) => Some(world_check::quota()),
        Mode::NotFoundOnce if asked.method == Method::GET || world_check::is_about_a_case(vendor, asked) => {
            Some(with_status(vendor, asked, 404))
        }
        Mode::Redirect => Some(redirect(asked)),
        _ => None,
    }
}

/// 429, without a body where the vendor has none.
pub(super) fn throttled(vendor: Vendor, asked: &Asked) -> Answer {
    with_status(vendor, asked, 429)
}

/// An error as the vendor, or what stands in front of it, says it.
pub(super) fn with_status(vendor: Vendor, asked: &Asked, status: u16) -> Answer {
    let phrase = axum::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let phrase = phrase.unwrap_or("Error");
    match (vendor, status) {
        (_, 502 | 504) => Answer::edge_page(status, phrase),
        (Vendor::ChainalysisKyt, _) => chainalysis_kyt::error(asked, status, None),
        (Vendor::ChainalysisSanction, _) => Answer::json(status, &json!({"message": phrase})),
        (Vendor::Refinitiv, 401) => world_check::unauthorized("the switch says so"),
        (Vendor::Refinitiv, 400 | 403 | 404 | 500) => {
            let code = phrase.to_uppercase().replace(' ', "_");
            world_check::error(status, &code, phrase)
        }
        (Vendor::Refinitiv, _) => Answer::empty(status),
    }
}

fn retry_after(asked: &Asked, switch: &Switch) -> Option<String> {
    match switch.retry_after.as_deref()? {
        "date" => Some(http_date(asked.now + chrono::Duration::seconds(2))),
        text => Some(text.to_owned()),
    }
}

/// To the same port under another name, so that a client that follows is seen in the journal.
fn redirect(asked: &Asked) -> Answer {
    let host = asked.header("host").unwrap_or("127.0.0.1");
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    let name = if host.starts_with("localhost") { "127.0.0.1" } else { "localhost" };
    let location = format!("http://{name}:{port}{}", asked.uri);
    Answer::empty(302).with(header::LOCATION, location)
}

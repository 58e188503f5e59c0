//! Chainalysis' Sanctions API: `GET /api/v1/address/{address}`.

use serde_json::{Value, json};

use super::Vendor;
use super::answer::Answer;
use super::asked::Asked;
use super::magic::{Identification, find_address, normalized};
use super::state::Playing;

/// The vendor's answer.
pub(super) fn answer(playing: &Playing, asked: &Asked) -> Answer {
    decide(playing, asked).unwrap_or_else(|refusal| refusal)
}

fn decide(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    if !asked.headers.contains_key("x-api-key") {
        return Err(no_key());
    }
    if !super::keys::is_shown(asked, asked.header("x-api-key"), &playing.keys.sanction_key) {
        return Err(wrong_key());
    }
    let settings = playing.settings(Vendor::ChainalysisSanction);
    if !playing.lets_through(Vendor::ChainalysisSanction, &settings, asked.now) {
        return Err(super::refuse::throttled(Vendor::ChainalysisSanction, asked));
    }
    let path = asked.path();
    let ["api", "v1", "address", address] = path[..] else { return Err(refusal(404, "Not Found")) };
    if asked.method != axum::http::Method::GET {
        return Err(refusal(405, "Method Not Allowed"));
    }
    if !takes_json(asked) {
        return Err(refusal(406, "Not Acceptable"));
    }
    let found = find_address(address).map_or(&[][..], |magic| magic.sanctions);
    let identifications: Vec<Value> = found.iter().map(|one| shown(one, address)).collect();
    Ok(Answer::json(200, &json!({"identifications": identifications})))
}

fn takes_json(asked: &Asked) -> bool {
    let Some(accepted) = asked.header("accept") else { return true };
    ["application/json", "application/*", "*/*"].iter().any(|kind| accepted.contains(kind))
}

fn shown(one: &Identification, address: &str) -> Value {
    let longer = |text: String| if one.is_long { text.repeat(9_000 / text.len() + 1) } else { text };
    let name = one.name.map(|name| longer(format!("{name} {}", normalized(address))));
    let description = one.description.map(|text| longer(text.to_owned()));
    let url =
        one.url.map(|url| if one.is_long { format!("{url}/{}", "x".repeat(3_000)) } else { url.to_owned() });
    json!({"category": one.category, "name": name, "description": description, "url": url})
}

fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({"message": message}))
}

/// Without a key one does not get past the firewall.
pub(super) fn no_key() -> Answer {
    Answer::edge_page(403, "Forbidden")
}

pub(super) fn wrong_key() -> Answer {
    refusal(401, "Invalid API Key")
}

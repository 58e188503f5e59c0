//! Which request is for what.

use axum::http::{Method, header};

use super::error::unauthorized;
use super::{audit, authorization, case_json, create, groups, references, results, screen, status};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;
use crate::vendors::{Vendor, refuse};

const ME: Vendor = Vendor::Refinitiv;

/// The vendor's answer.
pub(in crate::vendors) fn answer(playing: &Playing, asked: &Asked) -> Answer {
    decide(playing, asked).unwrap_or_else(|refusal| refusal)
}

fn decide(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    let settings = playing.settings(ME);
    authorization::check(playing, asked, &settings).map_err(unauthorized)?;
    if !playing.lets_through(ME, &settings, asked.now) {
        return Err(refuse::throttled(ME, asked));
    }
    if !asked.body.is_empty() && !asked.is_json() {
        return Err(Answer::empty(415));
    }
    let path = asked.path();
    let ["v2", ref path @ ..] = path[..] else { return Err(Answer::empty(404)) };
    let method = &asked.method;
    match path {
        ["groups"] => only(method, &Method::GET).map(|()| groups::all(playing)),
        ["groups", group] => only(method, &Method::GET).and_then(|()| groups::one(playing, group)),
        ["groups", group, "caseTemplate"] => {
            only(method, &Method::GET)?;
            groups::template(playing, &settings, group)
        }
        ["cases"] => only(method, &Method::POST).and_then(|()| create::create(playing, &settings, asked)),
        ["cases", "screeningRequest"] => {
            only(method, &Method::POST)?;
            screen::at_once(playing, &settings, asked)
        }
        ["cases", "screeningStatus"] => {
            only(method, &Method::POST).and_then(|()| status::status(playing, asked))
        }
        ["cases", id] => only(method, &Method::GET).and_then(|()| case_json::case(playing, asked, id)),
        ["cases", id, "screeningRequest"] => {
            only(method, &Method::POST)?;
            screen::later(playing, &settings, asked, id)
        }
        ["cases", id, "auditEvents"] => {
            only(method, &Method::POST).and_then(|()| audit::events(playing, &settings, asked, id))
        }
        ["cases", id, "results"] => {
            only(method, &Method::GET).and_then(|()| results::results(playing, asked, id))
        }
        ["caseIdentifiers"] => only(method, &Method::HEAD).map(|()| references::is_taken(playing, asked)),
        ["caseReferences"] => only(method, &Method::GET).and_then(|()| references::reference(playing, asked)),
        _ => Err(Answer::empty(404)),
    }
}

fn only(method: &Method, wanted: &Method) -> Result<(), Answer> {
    if method == wanted { Ok(()) } else { Err(Answer::empty(405).with(header::ALLOW, wanted.as_str())) }
}

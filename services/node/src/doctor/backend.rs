//! Does the VASP's backend answer?

use http::{HeaderMap, Method, StatusCode};
use url::Url;
use waybill_egress::{EgressClass, EgressError};

use super::finding::Findings;
use super::patient::Patient;

pub async fn examine(patient: &Patient, findings: &mut Findings) {
    let backend = &patient.settings.backend;
    let endpoints = [
        ("account_url", &backend.account_url),
        ("verification_url", &backend.verification_url),
        ("transaction_url", &backend.transaction_url),
        ("callback_url", &backend.callback_url),
    ];
    for (name, url) in endpoints {
        match url {
            Some(url) => ask(patient, name, url, findings).await,
            None => findings.warning(
                "backend",
                format!("backend.{name} is not set"),
                "set it: without it the node cannot do that part of its work",
            ),
        }
    }
}

/// HEAD changes nothing, whatever the backend makes of it: any answer shows that somebody is there.
async fn ask(patient: &Patient, name: &str, url: &Url, findings: &mut Findings) {
    let mut headers = HeaderMap::new();
    match patient.settings.backend.token_header() {
        Ok(token) => headers.extend(token),
        Err(error) => {
            return findings.fault("backend", error.to_string(), "set backend.authorization_token anew");
        }
    }
    match patient.ask(EgressClass::Operator, Method::HEAD, url.clone(), headers).await {
        Ok(answer) => judge(name, answer.status, answer.took.as_millis(), findings),
        Err(error) => findings.fault("backend", format!("{name}: {error}"), remedy(name, &error)),
    }
}

fn judge(name: &str, status: StatusCode, took_ms: u128, findings: &mut Findings) {
    let text = format!("{name} answers ({status} to HEAD, {took_ms} ms)", status = status.as_u16());
    match status.as_u16() {
        401 | 403 => findings.warning(
            "backend",
            text,
            "look whether backend.authorization_token and backend.authorization_header are what the backend expects",
        ),
        // 501: it does not know HEAD.
        500 | 502..=599 => {
            findings.warning("backend", text, "look into the backend's log, and into a gateway's before it");
        }
        300..=399 => findings.warning(
            "backend",
            text,
            format!("set backend.{name} to where it points: redirects are not followed"),
        ),
        _ => findings.fine("backend", text),
    }
}

fn remedy(name: &str, error: &EgressError) -> String {
    match error {
        EgressError::Connect(_) => {
            format!("look whether the backend runs, whether backend.{name} names it, and what lies between")
        }
        EgressError::Refused(_) => format!("use https in backend.{name}, or an address of this machine"),
        _ => "look into the backend's log".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;

    #[test]
    fn any_answer_shows_that_somebody_is_there() {
        for (status, verdict) in [
            (200, Verdict::Fine),
            (400, Verdict::Fine),
            (404, Verdict::Fine),
            (405, Verdict::Fine),
            (501, Verdict::Fine),
            (302, Verdict::Warning),
            (401, Verdict::Warning),
            (403, Verdict::Warning),
            (500, Verdict::Warning),
            (503, Verdict::Warning),
        ] {
            let mut findings = Findings::default();
            judge("account_url", StatusCode::from_u16(status).unwrap(), 1, &mut findings);
            assert_eq!(findings.worst(), verdict, "{status}");
        }
    }
}

//! `GET /journal` and `GET /journal/count`.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use waybill_domain::Fault;

use super::index::Selection;
use super::owner::{Owner, Wanted};
use crate::reply::{self, Refusal};
use crate::state::{Parts, Shared};
use crate::vendors;

/// Entries in an answer, unless `limit` says otherwise.
const USUAL_LIMIT: usize = 1_000;

/// Most entries in an answer.
const LARGEST_LIMIT: usize = 10_000;

/// Number to continue after, in the answer's headers: the body is the bare array.
const LAST: HeaderName = HeaderName::from_static("journal-last");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JournalQuery {
    vasp: Option<String>,
    vendor: Option<String>,
    path: Option<String>,
    after: Option<u64>,
    limit: Option<usize>,
}

impl JournalQuery {
    /// Whose journal; exactly one of `vasp` and `vendor` says so.
    fn owner(&self, sandbox: &Parts) -> Result<Owner, Fault> {
        match (self.vasp.as_deref(), self.vendor.as_deref()) {
            (Some(vasp), None) => sandbox.known_vasp(vasp).map(Owner::Vasp),
            (None, Some(vendor)) => vendors::known(sandbox, vendor).map(Owner::Vendor),
            (None, None) => Err(Fault::missing("vasp")),
            (Some(_), Some(_)) => Err(Fault::invalid("vendor")),
        }
    }

    /// For a backend a whole path or its last segment, for a vendor any part of path and query.
    fn wanted(&self) -> Result<Wanted, Fault> {
        let Some(path) = self.path.as_deref() else { return Ok(Wanted::All) };
        if self.vendor.is_some() {
            return Ok(Wanted::Containing(path.to_owned()));
        }
        let last = path.rsplit('/').next().unwrap_or(path);
        last.parse().map(Wanted::Endpoint).map_err(|_| Fault::invalid("path"))
    }

    fn limit(&self) -> Result<usize, Fault> {
        match self.limit.unwrap_or(USUAL_LIMIT) {
            limit @ 1..=LARGEST_LIMIT => Ok(limit),
            _ => Err(Fault::invalid("limit")),
        }
    }
}

type Asked = Result<Query<JournalQuery>, QueryRejection>;

fn read(asked: Asked) -> Result<JournalQuery, Fault> {
    let asked = asked.map_err(|rejection| Fault::new(400, "INVALID-QUERY", rejection.body_text()))?;
    Ok(asked.0)
}

/// `GET /journal?vasp=ID|vendor=NAME[&path=…][&after=N][&limit=N]`: what a backend or a vendor was sent, newest last.
pub(crate) async fn list(State(sandbox): State<Shared>, asked: Asked) -> Result<Response, Refusal> {
    let asked = read(asked)?;
    let selection = Selection {
        owner: asked.owner(&sandbox)?,
        wanted: asked.wanted()?,
        after: asked.after,
        limit: asked.limit()?,
    };
    let page = sandbox.journal.page(selection).await?;
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (LAST, page.last.to_string())];
    Ok((headers, page.entries).into_response())
}

/// `GET /journal/count?vasp=ID|vendor=NAME[&path=…]`: how much a backend or a vendor was sent.
pub(crate) async fn count(State(sandbox): State<Shared>, asked: Asked) -> Result<Response, Refusal> {
    let asked = read(asked)?;
    let count = sandbox.journal.count(asked.owner(&sandbox)?, &asked.wanted()?);
    Ok(reply::ok(&json!({"count": count})))
}

//! The way of every request to a backend: token, journal, answer, and what may go wrong with it.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::Value;
use waybill_domain::Fault;

use crate::customers::book_of;
use crate::endpoint::Endpoint;
use crate::journal::{Entry, Owner, Topic};
use crate::options::Backend;
use crate::reply::{self, Refusal};
use crate::state::Shared;
use crate::{account, callback, magic, transaction, verification};

/// Largest request a backend reads; a node stays far below.
pub(crate) const LARGEST_REQUEST: usize = 1024 * 1024;

/// Answers one request to one endpoint. It is in the journal before anything is answered.
pub(crate) async fn receive(
    endpoint: Endpoint,
    State(sandbox): State<Shared>,
    Path(vasp): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let vasp = sandbox.known_vasp(&vasp)?;
    let backend = sandbox.backend(vasp)?;
    if !backend.token.is_shown_in(&headers) {
        return Err(Fault::new(401, "UNAUTHORIZED", "The token is missing or wrong").into());
    }
    let body = body.map_err(unreadable)?;
    let parsed = serde_json::from_slice(&body);
    let kept = match &parsed {
        Ok(value) => Value::clone(value),
        Err(_) => Value::String(String::from_utf8_lossy(&body).into_owned()),
    };
    let mask = |name: &_, text: &str| backend.token.masked(name, text).to_owned();
    let entry = Entry::new(sandbox.clock.now(), uri.path(), &headers, mask, kept);
    sandbox.journal.append(Owner::Vasp(vasp), Topic::Endpoint(endpoint), entry).await?;

    let body = parsed.map_err(|_| Fault::new(400, "INVALID-JSON", "The body is no JSON"))?;
    let answer = answer(&sandbox, backend, endpoint, &body)?;
    match sandbox.modes.next(vasp, endpoint).or_else(|| magic::misbehaviour(endpoint, &body)) {
        None => Ok(reply::ok(&answer)),
        Some(misbehaviour) => Ok(misbehaviour.spoil(endpoint, answer).await),
    }
}

fn answer(sandbox: &Shared, backend: &Backend, endpoint: Endpoint, body: &Value) -> Result<Value, Fault> {
    let book = book_of(backend.customers);
    match endpoint {
        Endpoint::Account => account::check(book, body, sandbox.clock.now()),
        Endpoint::Verification => verification::verify(book, body),
        Endpoint::Transaction => transaction::status(&sandbox.transfers, backend.vasp_id, body),
        Endpoint::Callback => callback::accept(body),
    }
}

fn unreadable(rejection: BytesRejection) -> Fault {
    match rejection.status().as_u16() {
        413 => Fault::new(413, "BODY-TOO-LARGE", "The body is larger than 1 MiB"),
        _ => Fault::new(400, "INVALID-BODY", "The body could not be read"),
    }
}

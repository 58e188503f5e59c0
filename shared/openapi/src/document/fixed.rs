//! What does not depend on the endpoints.

use serde_json::{Value, json};
use waybill_domain::codes::{self, CATALOGUE, CodeEntry};

const ABOUT: &str = "\
The private API of a Waybill node: what a VASP's own backend says to it, and (webhooks) what it says to that backend. It is \
the enclave interface of the Travel Rule alliance; a backend written against that works by changing the base URL.\n\n\
**Callers.** `Authorization: Bearer wbk_…` or `X-Api-Key: wbk_…`, with a key from `waybill api-keys create`. Each endpoint names \
the scope that it takes. Until the first key is made the node listens on loopback only and serves callers there without one.\n\n\
**Requests.** Bodies are `application/json` in UTF-8, at most 128 KB (`ingress.max_body_bytes`), 64 levels deep, no name twice in \
an object. Unknown fields and parameters are ignored; an optional field that is `null` or empty counts as absent. Ids and amounts \
are texts. Times are ISO 8601 with a time zone; answers are in UTC with milliseconds.\n\n\
**Refusals** are `{\"code\", \"message\"}`. `MISSING-X` and `INVALID-X` name a field; `x-refusals` beside each field lists its codes, \
and the first fault in the order of the document is told. All other codes stand under the status with which they come. 408, 429 \
and 503 may be tried again, after `Retry-After` seconds where it is given.\n\n\
**At every path:** ";

pub(super) fn info() -> Value {
    let everywhere = [codes::path_not_found(), codes::method_not_allowed()].map(|fault| {
        let when =
            CATALOGUE.iter().find(|entry| entry.code == fault.code).map_or("", |CodeEntry { when, .. }| when);
        format!("{} `{}` – {when}", fault.status, fault.code)
    });
    json!({
        "title": "Waybill private API",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Travel Rule verifications for a VASP's own backend",
        "description": format!("{ABOUT}{}", everywhere.join(" ")),
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
    })
}

pub(super) fn servers() -> Value {
    json!([
        { "url": "/", "description": "The node that gave this document" },
        { "url": "http://127.0.0.1:21117", "description": "A node with the usual settings, and ours of `waybill dev`" }
    ])
}

pub(super) fn headers() -> Value {
    json!({
        "RequestId": {
            "description": "Names the request; the log repeats it.",
            "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$", "examples": ["4bf92f3577b34da6a3ce929d0e0e4736"] }
        },
        "RetryAfter": {
            "description": "Seconds to wait before trying again, where that is known.",
            "schema": { "type": "integer", "minimum": 1, "examples": [1] }
        },
        "WwwAuthenticate": {
            "description": "How to identify oneself.",
            "schema": { "type": "string", "const": "Bearer" }
        }
    })
}

pub(super) fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer",
            "description": "An API key (`wbk_…`) with the scope that the endpoint names."
        },
        "apiKey": {
            "type": "apiKey", "in": "header", "name": "X-Api-Key",
            "description": "The same key in a header of its own. `Authorization` goes first when both are there."
        },
        "backendToken": {
            "type": "http", "scheme": "bearer",
            "description": "`backend.authorization_token`, sent by the node to its backend. With another `backend.authorization_header` \
                            the bare token stands in that header instead; without a token there is no header."
        }
    })
}

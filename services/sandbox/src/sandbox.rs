//! The sandbox: its routes.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use serde_json::json;
use waybill_domain::Fault;

use crate::endpoint::Endpoint;
use crate::journal::{self, OpenError};
use crate::mode;
use crate::options::Options;
use crate::receive::{LARGEST_REQUEST, receive};
use crate::reply::{self, Refusal};
use crate::state::{Parts, Shared};
use crate::{transaction, vendors};

/// The backends of some VASPs, vendors, and the journal of what they were sent.
#[derive(Clone)]
pub struct Sandbox(Shared);

impl Sandbox {
    /// Opens the sandbox on its folder, which is made if need be and readable by its owner only. The journal of earlier
    /// runs is kept. A second sandbox on the same folder is refused.
    pub fn open(folder: PathBuf, options: Options) -> Result<Self, OpenError> {
        Ok(Self(Arc::new(Parts::open(&folder, options)?)))
    }

    /// All routes.
    pub fn router(&self) -> Router {
        let router = Router::new()
            .route("/healthcheck", get(|| async { reply::ok(&json!({"status": "UP"})) }))
            .route("/journal", get(journal::list))
            .route("/journal/count", get(journal::count))
            .route("/vasps/{vaspId}/mode", put(mode::put).get(mode::get))
            .route("/vasps/{vaspId}/transactions/{verificationUuid}", put(transaction::put));
        Endpoint::ALL
            .iter()
            .fold(vendors::add(router), |router, &endpoint| {
                let handler =
                    move |state, vasp, uri, headers, body| receive(endpoint, state, vasp, uri, headers, body);
                router.route(&format!("/vasps/{{vaspId}}/{endpoint}"), post(handler))
            })
            .fallback(|| async { refuse(404, "NOT-FOUND", "There is nothing at this path") })
            .method_not_allowed_fallback(|| async {
                refuse(405, "METHOD-NOT-ALLOWED", "Not with this method")
            })
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .with_state(Arc::clone(&self.0))
    }
}

fn refuse(status: u16, code: &'static str, message: &'static str) -> impl IntoResponse {
    Refusal(Fault::new(status, code, message))
}

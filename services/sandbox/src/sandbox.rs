//! The sandbox: its state and its routes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use serde_json::json;
use waybill_domain::{Fault, SharedClock, VaspId};

use crate::endpoint::Endpoint;
use crate::journal::{self, Journal, OpenError};
use crate::mode::{self, Modes};
use crate::options::{Backend, Options};
use crate::receive::{LARGEST_REQUEST, receive};
use crate::reply::{self, Refusal};
use crate::transaction::{self, Transfers};

/// The backends of some VASPs and the journal of what they were sent.
#[derive(Clone)]
pub struct Sandbox(Shared);

/// What every handler sees.
pub(crate) type Shared = Arc<Parts>;

pub(crate) struct Parts {
    pub(crate) clock: SharedClock,
    backends: HashMap<VaspId, Backend>,
    pub(crate) journal: Journal,
    pub(crate) modes: Modes,
    pub(crate) transfers: Transfers,
}

impl Parts {
    /// The backend of a VASP, or 404.
    pub(crate) fn backend(&self, vasp: VaspId) -> Result<&Backend, Fault> {
        self.backends.get(&vasp).ok_or_else(unknown_vasp)
    }

    /// The id of a VASP whose backend is played, or 404.
    pub(crate) fn known_vasp(&self, text: &str) -> Result<VaspId, Fault> {
        let vasp = text.parse().map_err(|_| unknown_vasp())?;
        self.backend(vasp).map(|backend| backend.vasp_id)
    }
}

fn unknown_vasp() -> Fault {
    Fault::new(404, "VASP-NOT-FOUND", "The sandbox plays no VASP with this id")
}

impl Sandbox {
    /// Opens the sandbox on its folder, which is made if need be and readable by its owner only. The journal of earlier
    /// runs is kept. A second sandbox on the same folder is refused.
    pub fn open(folder: PathBuf, options: Options) -> Result<Self, OpenError> {
        let journal = Journal::open(&folder, options.journal)?;
        let backends = options.backends.into_iter().map(|backend| (backend.vasp_id, backend)).collect();
        let (modes, transfers) = (Modes::default(), Transfers::default());
        Ok(Self(Arc::new(Parts { clock: options.clock, backends, journal, modes, transfers })))
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
            .fold(router, |router, &endpoint| {
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

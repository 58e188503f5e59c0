//! Every path of the API, and the scope that it takes.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use waybill_context::SharedContext;
use waybill_runtime::http::{Front, with_front};

use crate::callers::{Scope, guarded};
use crate::endpoints::{
    check_account, find, healthcheck, inquire, list, own_vasp, report_error, report_transaction, vasps,
    verify,
};
use crate::ingress::{Ingress, SharedIngress};

/// The API of a node, ready to be served.
pub fn router(ctx: &SharedContext) -> Router {
    let front = Front {
        request_timeout: ctx.settings.ingress.request_timeout,
        continue_traces: true,
        entropy: Arc::clone(&ctx.entropy),
    };
    with_front(routes(&Ingress::new(ctx)), front)
}

fn routes(ingress: &SharedIngress) -> Router {
    use Scope::{VaspsRead, VerificationsRead, VerificationsWrite};
    let only = |scope, methods| guarded(ingress, scope, methods);
    Router::new()
        .route("/healthcheck", get(healthcheck::answer))
        .route("/v1/vasps/self", only(VaspsRead, get(own_vasp::answer)))
        .route("/v1/vasps", only(VaspsRead, get(vasps::answer)))
        .route("/v1/verifications/account", only(VerificationsWrite, post(check_account::answer)))
        .route(
            "/v1/verifications",
            only(VerificationsWrite, post(verify::answer)).merge(only(VerificationsRead, get(list::answer))),
        )
        .route("/v1/verifications/{uuid}", only(VerificationsRead, get(find::answer)))
        .route("/v1/verifications/tx", only(VerificationsWrite, post(report_transaction::answer)))
        .route("/v1/verifications/error", only(VerificationsWrite, post(report_error::answer)))
        .route("/v1/verifications/tx/inquiry", only(VerificationsWrite, post(inquire::answer)))
        .with_state(SharedIngress::clone(ingress))
}

#[cfg(test)]
mod document;
#[cfg(test)]
mod tests;

//! Every path of the API, who may use it, and its description: one list, from which the routes and the document come.

mod endpoint;

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use serde_json::Value;
use waybill_context::SharedContext;
use waybill_openapi::{Document, Webhook};
use waybill_runtime::http::{Front, with_front};

use crate::callers::{Access, Scope, guarded};
use crate::docs_page;
use crate::endpoints::risk_assessment::{
    chainalysis_kyt, chainalysis_sanction, find as assessment, list as history, refinitiv_wco,
};
use crate::endpoints::{
    api_description, check_account, find, healthcheck, inquire, list, networks, own_vasp, report_error,
    report_transaction, vasps, verify,
};
use crate::ingress::{Ingress, SharedIngress};

use self::endpoint::{Endpoint, get, post};

fn endpoints() -> Vec<Endpoint> {
    use Access::{Callers, Everybody};
    let see_vasps = Access::With(Scope::VaspsRead);
    let see = Access::With(Scope::VerificationsRead);
    let act = Access::With(Scope::VerificationsWrite);
    let see_assessments = Access::With(Scope::RiskAssessmentRead);
    let assess = Access::With(Scope::RiskAssessmentWrite);
    let (sanction, kyt) = ("/v1/risk-assessment/chainalysis-sanction", "/v1/risk-assessment/chainalysis-kyt");
    vec![
        get("/healthcheck", Everybody, healthcheck::answer, healthcheck::operation()),
        get("/openapi.json", Callers, api_description::answer, api_description::operation()),
        get("/v1/vasps/self", see_vasps, own_vasp::answer, own_vasp::operation()),
        get("/v1/vasps", see_vasps, vasps::answer, vasps::operation()),
        get("/v1/networks", see_vasps, networks::answer, networks::operation()),
        post("/v1/verifications/account", act, check_account::answer, check_account::operation()),
        post("/v1/verifications", act, verify::answer, verify::operation()),
        get("/v1/verifications", see, list::answer, list::operation()),
        get("/v1/verifications/{uuid}", see, find::answer, find::operation()),
        post("/v1/verifications/tx", act, report_transaction::answer, report_transaction::operation()),
        post("/v1/verifications/error", act, report_error::answer, report_error::operation()),
        post("/v1/verifications/tx/inquiry", act, inquire::answer, inquire::operation()),
        post(sanction, assess, chainalysis_sanction::answer, chainalysis_sanction::operation()),
        post(kyt, assess, chainalysis_kyt::answer, chainalysis_kyt::operation()),
        post("/v1/risk-assessment/refinitiv-wco", assess, refinitiv_wco::answer, refinitiv_wco::operation()),
        get("/v1/risk-assessment", see_assessments, history::answer, history::operation()),
        get("/v1/risk-assessment/{requestId}", see_assessments, assessment::answer, assessment::operation()),
    ]
}

/// The OpenAPI document of the API, with the requests that the other services make to the VASP's backend.
pub fn description(webhooks: Vec<Webhook>) -> Value {
    let document = endpoints().into_iter().fold(Document::default(), |document, endpoint| {
        document.endpoint(endpoint.method, endpoint.path, endpoint.described())
    });
    webhooks.into_iter().fold(document, Document::webhook).into_json()
}

/// The API of a node, ready to be served. `webhooks` are described with it.
pub fn router(ctx: &SharedContext, webhooks: Vec<Webhook>) -> Router {
    let front = Front {
        api: "ingress",
        request_timeout: ctx.settings.ingress.request_timeout,
        continue_traces: true,
        entropy: Arc::clone(&ctx.entropy),
    };
    let ingress = Ingress::new(ctx, Bytes::from(description(webhooks).to_string()));
    with_front(routes(&ingress).merge(docs_page::routes()), front)
}

fn routes(ingress: &SharedIngress) -> Router {
    let add = |router: Router<SharedIngress>, Endpoint { path, access, handler, .. }: Endpoint| {
        router.route(path, guarded(ingress, access, handler))
    };
    endpoints().into_iter().fold(Router::new(), add).with_state(SharedIngress::clone(ingress))
}

#[cfg(test)]
mod document;
#[cfg(test)]
mod tests;

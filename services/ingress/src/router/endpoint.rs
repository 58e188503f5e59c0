//! One endpoint: where it is, who may use it, what it does, and what is said of it.

use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use serde_json::{Value, json};
use waybill_domain::codes;
use waybill_openapi::{Method, Operation};

use crate::callers::Access;
use crate::ingress::SharedIngress;

/// One method of one path.
pub(super) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) handler: MethodRouter<SharedIngress>,
    operation: Operation,
}

pub(super) fn get<H, T>(path: &'static str, access: Access, handler: H, operation: Operation) -> Endpoint
where
    H: Handler<T, SharedIngress>,
    T: 'static,
{
    Endpoint { method: Method::Get, path, access, handler: routing::get(handler), operation }
}

pub(super) fn post<H, T>(path: &'static str, access: Access, handler: H, operation: Operation) -> Endpoint
where
    H: Handler<T, SharedIngress>,
    T: 'static,
{
    Endpoint { method: Method::Post, path, access, handler: routing::post(handler), operation }
}

impl Endpoint {
    /// The description, with what holds for all endpoints of its kind.
    pub(super) fn described(self) -> Operation {
        let always = [codes::request_timeout(), codes::internal_error()];
        let operation = self.operation.refuses_unreadable_bodies().refuses(always);
        let of_callers =
            || [codes::unauthorized(), codes::too_many_requests(), codes::database_unavailable()];
        match self.access {
            Access::Everybody => operation.secured(json!([])),
            Access::Callers => operation.refuses(of_callers()).secured(keys(&[])),
            Access::With(scope) => {
                operation.refuses(of_callers()).refuses([codes::forbidden()]).secured(keys(&[scope.as_str()]))
            }
        }
    }
}

/// An API key with these scopes, in either header.
fn keys(scopes: &[&str]) -> Value {
    json!([{ "bearer": scopes }, { "apiKey": scopes }])
}

//! The vendors' routes.

use axum::Router;
use axum::routing::{any, get, put};
use waybill_domain::Fault;

use super::{Vendor, control, receive};
use crate::state::{Parts, Shared};

/// Adds what every vendor offers, and the switches.
pub(crate) fn add(router: Router<Shared>) -> Router<Shared> {
    Vendor::ALL.iter().fold(router, |router, &vendor| {
        let at = |path: &str| format!("/vendors/{vendor}/{path}");
        router
            .route(
                &at("mode"),
                put(move |state, body| control::put_mode(vendor, state, body))
                    .get(move |state| control::get_mode(vendor, state)),
            )
            .route(
                &at("settings"),
                put(move |state, body| control::put_settings(vendor, state, body))
                    .get(move |state| control::get_settings(vendor, state)),
            )
            .route(&at("answers"), get(move |state| control::get_answers(vendor, state)))
            .route(&at("{*path}"), any(move |state, request| receive::receive(vendor, state, request)))
    })
}

/// The vendor with that name, or 404.
pub(crate) fn known(sandbox: &Parts, name: &str) -> Result<Vendor, Fault> {
    sandbox.vendors()?;
    name.parse().map_err(|_| Fault::new(404, "VENDOR-NOT-FOUND", "The sandbox plays no such vendor"))
}

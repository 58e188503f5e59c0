//! World-Check One, version 2: cases are made, screened after a while, and asked about.

mod audit;
mod authorization;
mod case;
mod case_json;
mod cases;
mod create;
mod dispatch;
mod error;
mod groups;
mod new_case;
mod references;
mod results;
mod rsql;
mod screen;
mod secondary_fields;
mod signature;
mod status;
mod summaries;

use axum::http::Method;

pub(super) use cases::Cases;
pub(super) use dispatch::answer;
pub(super) use error::{error, quota, unauthorized};

use super::Vendor;
use super::asked::Asked;

/// Whether the request makes cases or screens them: only those can use up the screenings of an hour.
pub(super) fn makes_or_screens(asked: &Asked) -> bool {
    let path = asked.path();
    asked.method == Method::POST
        && matches!(path[..], ["v2", "cases"] | ["v2", "cases", .., "screeningRequest"])
}

/// Whether the request is about one case that was made before.
pub(super) fn is_about_a_case(vendor: Vendor, asked: &Asked) -> bool {
    let path = asked.path();
    vendor == Vendor::Refinitiv && matches!(path[..], ["v2", "cases", _, "auditEvents" | "screeningRequest"])
}

//! Requests to the node.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::catalogue::*;

/// A request was answered. `route` is the pattern, not the path; a method that no API has is `other`.
pub fn answered(api: &'static str, method: &str, route: &str, status: u16, took: Duration) {
    let method = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other");
    let route = route.to_owned();
    counter!(
        HTTP_REQUESTS.name,
        "api" => api, "method" => method, "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    histogram!(HTTP_DURATION.name, "api" => api, "method" => method, "route" => route).record(took);
}

//! The one place where failures become refusals that a caller sees.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use waybill_domain::{Fault, codes};
use waybill_runtime::http::fault_response;
use waybill_store::StoreError;
use waybill_vault::VaultError;

/// What a handler gives back instead of an answer.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Fault);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the database refused a request's work");
        Self(if error.is_transient() { codes::database_unavailable() } else { codes::internal_error() })
    }
}

impl From<VaultError> for Refused {
    fn from(error: VaultError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = fault_response(&self.0);
        // Also said of a vendor that does not know us: that is no business of the caller.
        if self.0.code == codes::unauthorized().code {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")); // RFC 9110, 15.5.2
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_and_one_that_refuses_are_told_apart() {
        let away = Refused::from(StoreError::Unavailable("closed")).0;
        assert_eq!((away.status, &*away.code), (503, "DATABASE-UNAVAILABLE"));
        let refuses = Refused::from(StoreError::Unreadable("amount")).0;
        assert_eq!((refuses.status, &*refuses.code), (500, "INTERNAL-ERROR"));
        assert!(!refuses.message.contains("amount"), "columns are no business of a caller");
    }

    #[test]
    fn whoever_must_identify_themselves_is_told_how() {
        let response = Refused::from(codes::unauthorized()).into_response();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
        for other in [codes::forbidden(), codes::vendor_unauthorized()] {
            let response = Refused::from(other).into_response();
            assert!(!response.headers().contains_key(WWW_AUTHENTICATE));
        }
    }
}

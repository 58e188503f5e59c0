//! The vendor's endpoint.

use std::time::Duration;

use http::{HeaderName, StatusCode};
use secrecy::SecretString;
use url::Url;
use waybill_context::SharedContext;
use waybill_egress::Answer;
use waybill_vendors::{Ask, Limit, Request, Vendor, VendorError, json};

use super::wire::{AddressAnswer, Identification};
use crate::credential::Credential;
use crate::segment::with_segments;

/// Carries our key.
pub(crate) const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// The name of the vendor in logs, metrics and limits.
pub(super) const NAME: &str = "chainalysis-sanction";
/// Descriptions are long, and there may be several.
const MAX_ANSWER: usize = 256 * 1024;
/// Look-ups at a time from this process.
pub(super) const CONCURRENCY: usize = 64;

/// The Sanctions API, with our key.
pub(super) struct SanctionClient {
    vendor: Vendor,
    url: Url,
    pub credential: Credential,
}

/// Why there is no answer about an address. None of these means that nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SanctionError {
    /// No answer that can be used.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// The key is refused as one that is not known.
    #[error("the vendor refuses the key")]
    Unauthorized,
    /// The request is refused, as one without a key is.
    #[error("the vendor denies access")]
    Forbidden,
    /// The vendor refuses the request, or there is no way to ask about this address.
    #[error("the vendor cannot be asked about this address")]
    Refused,
}

impl SanctionClient {
    /// None with a key that cannot be sent.
    pub(super) fn with(ctx: &SharedContext, key: &SecretString) -> Option<Self> {
        let settings = &ctx.settings.chainalysis;
        let credential = Credential::of(key)?;
        let name = format!("{NAME}:{}", credential.id);
        let limit = Limit::new(ctx, name, settings.sanction_requests, settings.sanction_window);
        Some(Self {
            vendor: Vendor::new(ctx, NAME, limit, CONCURRENCY),
            url: settings.sanction_url.clone(),
            credential,
        })
    }

    /// What the lists say of an address; none when it is on none of them.
    pub(super) async fn look_up(
        &self,
        address: &str,
        within: Duration,
    ) -> Result<Option<Identification>, SanctionError> {
        let url =
            with_segments(&self.url, &["api", "v1", "address", address]).ok_or(SanctionError::Refused)?;
        let request = Request::get(url).header(X_API_KEY, self.credential.header.clone()).at_most(MAX_ANSWER);
        read(&Box::pin(self.vendor.call(&Ask::request(within), |_| request.clone())).await?)
    }
}

fn read(answer: &Answer) -> Result<Option<Identification>, SanctionError> {
    match answer.status {
        StatusCode::OK => Ok(json::<AddressAnswer>(answer)?.hit()),
        StatusCode::UNAUTHORIZED => Err(SanctionError::Unauthorized),
        StatusCode::FORBIDDEN => Err(SanctionError::Forbidden),
        status if status.is_client_error() => Err(SanctionError::Refused),
        _ => Err(SanctionError::Vendor(VendorError::Unusable("its status"))),
    }
}

//! The vendor's endpoints.

use std::time::Duration;

use http::{HeaderName, StatusCode};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;
use waybill_context::SharedContext;
use waybill_domain::{KytApiType, format_time};
use waybill_egress::Answer;
use waybill_store::tables::kyt_results::KytRow;
use waybill_vendors::{Ask, Limit, Request, Vendor, VendorError};

use super::error::KytError;
use super::wire::{self, AlertsAnswer, CategoriesAnswer, NewAttempt, NewTransfer, Summary, WireSummary};
use crate::credential::Credential;
use crate::segment::with_segments;

/// Carries our key.
pub(crate) const TOKEN: HeaderName = HeaderName::from_static("token");
/// The name of the vendor in logs, metrics and limits.
pub(super) const NAME: &str = "chainalysis-kyt";

/// Chainalysis KYT, version 2, with our key.
pub(super) struct KytClient {
    vendor: Vendor,
    url: Url,
    pub credential: Credential,
    format: Option<String>,
    /// For one call.
    pub timeout: Duration,
}

impl KytClient {
    /// None with a key that cannot be sent.
    pub(super) fn with(ctx: &SharedContext, key: &SecretString) -> Option<Self> {
        let settings = &ctx.settings.chainalysis;
        let credential = Credential::of(key)?;
        let name = format!("{NAME}:{}", credential.id);
        let per_second = settings.kyt_requests_per_second;
        let limit = Limit::new(ctx, name, per_second, Duration::from_secs(1));
        Some(Self {
            vendor: Vendor::new(ctx, NAME, limit, settings.kyt_concurrency),
            url: settings.kyt_url.clone(),
            credential,
            format: settings.kyt_format.clone(),
            timeout: settings.kyt_timeout,
        })
    }

    /// Registers what the row is about, and gives what the vendor says of it.
    pub(super) async fn register(&self, row: &KytRow, ask: Ask) -> Result<Summary, KytError> {
        let (body, echo) = registration(row)?;
        let url = self.url(&["v2", "users", &row.user_id, collection(row.api_type)])?;
        let wire: WireSummary = self.ask(Request::post_json(url, body), ask).await?;
        let summary = wire.read()?;
        match &summary.echo {
            Some(repeated) if *repeated != echo => Err(KytError::AnotherRegistration),
            _ => Ok(summary),
        }
    }

    /// How far the vendor has come.
    pub(super) async fn summary(&self, row: &KytRow, external_id: &str) -> Result<Summary, KytError> {
        let mut url = self.url(&["v2", collection(row.api_type), external_id])?;
        if let Some(format) = &self.format {
            url.query_pairs_mut().append_pair("formatType", format);
        }
        let wire: WireSummary = self.ask(Request::get(url), Ask::poll(self.timeout)).await?;
        let summary = wire.read()?;
        if summary.external_id == external_id { Ok(summary) } else { Err(KytError::AnotherRegistration) }
    }

    /// The alerts, once the vendor has come to its result.
    pub(super) async fn alerts(&self, row: &KytRow, external_id: &str) -> Result<AlertsAnswer, KytError> {
        let url = self.url(&["v2", collection(row.api_type), external_id, "alerts"])?;
        self.ask(Request::get(url), Ask::poll(self.timeout)).await
    }

    /// The names of categories.
    pub(super) async fn categories(&self) -> Result<CategoriesAnswer, KytError> {
        let url = self.url(&["v2", "categories"])?;
        self.ask(Request::get(url), Ask::poll(self.timeout)).await
    }

    /// Requests that there is room for in the next seconds.
    pub(super) fn room(&self) -> u32 {
        self.vendor.room()
    }

    fn url(&self, segments: &[&str]) -> Result<Url, KytError> {
        // No id of ours or theirs is nothing but dots.
        with_segments(&self.url, segments).ok_or(KytError::Vendor(VendorError::Unusable("an id in its path")))
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request, ask: Ask) -> Result<T, KytError> {
        let request = request.header(TOKEN, self.credential.header.clone());
        read(&Box::pin(self.vendor.call(&ask, |_| request.clone())).await?)
    }
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, KytError> {
    let status = answer.status;
    match status {
        _ if status.is_success() => Ok(waybill_vendors::json(answer)?),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Err(KytError::Denied(wire::refusal::denial(answer)))
        }
        StatusCode::NOT_FOUND => Err(KytError::NotFound),
        _ if status.is_client_error() => {
            let why = wire::refusal::message(answer);
            Err(KytError::Refused(
                why.unwrap_or_else(|| format!("The vendor refused with status {}", status.as_u16())),
            ))
        }
        _ => Err(KytError::Vendor(VendorError::Unusable("its status"))),
    }
}

/// The body, and what the vendor repeats of it.
fn registration(row: &KytRow) -> Result<(Vec<u8>, String), KytError> {
    let network = row.network.as_deref().unwrap_or_default();
    let (body, echo) = match (row.api_type, &row.transfer_ref) {
        (KytApiType::Transfer, Some(reference)) => {
            let direction = wire::direction(row.direction);
            let new = NewTransfer { network, asset: &row.asset, transfer_reference: reference, direction };
            (serde_json::to_vec(&new), reference.clone())
        }
        _ => {
            let new = NewAttempt {
                network,
                asset: &row.asset,
                address: &row.address,
                attempt_identifier: &row.request_id,
                asset_amount: &row.amount,
                attempt_timestamp: &format_time(row.timestamp.unwrap_or(row.created_at)),
            };
            (serde_json::to_vec(&new), row.request_id.clone())
        }
    };
    // Cannot fail: plain structs of texts.
    let body = body.map_err(|_| KytError::Vendor(VendorError::Unusable("our body")))?;
    Ok((body, echo))
}

fn collection(api_type: KytApiType) -> &'static str {
    match api_type {
        KytApiType::Transfer => "transfers",
        KytApiType::Attempt => "withdrawal-attempts",
    }
}

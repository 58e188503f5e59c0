//! Answers [`AskSanction`].

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_domain::{Fault, ScreeningOrigin, codes};
use waybill_jobs::{AskSanction, ScreeningAnswer};
use waybill_store::StoreError;
use waybill_store::tables::sanction_results;
use waybill_vendors::{Renewed, VendorError};

use super::client::{NAME, SanctionError};
use super::look_up::{LookedUp, Sanctions};
use crate::verification::{asked_about, unavailable};

/// Looks addresses up for our backend.
pub(super) struct SanctionRequests(pub Renewed<Sanctions>);

#[async_trait]
impl RequestHandler<AskSanction> for SanctionRequests {
    async fn answer(&self, request: AskSanction) -> Result<ScreeningAnswer, Fault> {
        let sanctions = self.0.get();
        let ctx = &sanctions.ctx;
        let within = ctx.settings.chainalysis.sanction_timeout;
        let (verification, role) = asked_about(ctx, request.verification_uuid).await?;
        let request_id = ctx.new_uuid().to_string();
        let looked_up =
            sanctions.look_up(&verification, role, ScreeningOrigin::Api, request_id.clone(), within).await;
        let LookedUp { row, error, alone } = looked_up.map_err(|error| unavailable(&error))?;
        let status = row.status.as_str();
        let insert =
            ctx.store.write("sanction::insert", row, |tx, row| Box::pin(sanction_results::insert(tx, row)));
        insert.await.map_err(|error: StoreError| unavailable(&error))?;
        drop(alone);
        waybill_metrics::screening_ended(NAME, status);
        match error {
            None => Ok(ScreeningAnswer { request_id }),
            Some(error) => {
                tracing::warn!(request_id, %error, "an address was not looked up");
                passed_on(&error, within).map_or(Ok(ScreeningAnswer { request_id }), Err)
            }
        }
    }
}

/// What the caller is told of a failure; for the others there is a row that says `ERROR`.
fn passed_on(error: &SanctionError, within: Duration) -> Option<Fault> {
    match error {
        SanctionError::Unauthorized => Some(codes::vendor_unauthorized()),
        SanctionError::Forbidden => Some(codes::vendor_denied("Forbidden")),
        SanctionError::Vendor(VendorError::Timeout) => Some(codes::vendor_timeout(within.as_millis())),
        SanctionError::Vendor(_) | SanctionError::Refused => None,
    }
}

//! What follows when the vendor did not do what it was asked.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_store::StoreError;
use waybill_store::tables::wco_cases::WcoCase;
use waybill_vendors::{AfterFailure, Failure, VendorError, after_failure};

use super::fail::{End, NO_SCREENING_LEFT, UNUSABLE_ANSWER, VENDOR_UNAVAILABLE};
use super::held::Held;
use super::quota::{rest_of_hour, until_next_hour};
use crate::api::ApiError;
use crate::cases::Stopped;
use crate::service::Wco;

impl Wco {
    /// Nobody waits for an answer: what the vendor refuses ends the request, all else is tried again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn stopped(
        &self,
        held: &Held,
        cases: &[WcoCase],
        why: Stopped,
    ) -> Result<(), StoreError> {
        let error = match why {
            Stopped::Store(error) => return Err(error),
            Stopped::Unsure => return self.look_later(held, &[]).await,
            Stopped::Sealed(error) => {
                tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
                return self.look_later(held, &[]).await;
            }
            Stopped::Api(error) => error,
        };
        match error {
            ApiError::Refused(refusal) => self.fail(held, cases, End::told(&refusal.reason())).await,
            ApiError::Denied => self.no_screening_left(held, cases).await,
            ApiError::Unauthorized => {
                self.key_refused();
                self.failed_call(held, cases, &VendorError::Failing { status: 401 }, self.pacing.refused)
                    .await
            }
            ApiError::Vendor(error) => self.failed_call(held, cases, &error, Duration::ZERO).await,
        }
    }

    /// The screenings of this hour are used up: all wait for the next one. That says nothing against the vendor or the
    /// key.
    async fn no_screening_left(&self, held: &Held, cases: &[WcoCase]) -> Result<(), StoreError> {
        let now = self.api.vendors_now();
        tracing::error!(
            alarm = "screening",
            vendor = "refinitiv-wco",
            "the vendor allows no more screenings in this hour"
        );
        self.api.screenings().pause(rest_of_hour(now)).await;
        if self.is_overdue(held.created_at) {
            return self.fail(held, cases, End::told(NO_SCREENING_LEFT)).await;
        }
        self.give_back(held, until_next_hour(now, &*self.ctx.entropy)).await
    }

    async fn failed_call(
        &self,
        held: &Held,
        cases: &[WcoCase],
        error: &VendorError,
        at_least: Duration,
    ) -> Result<(), StoreError> {
        if let VendorError::NoTurn { retry_after } = error {
            return self.give_back(held, *retry_after).await;
        }
        if matches!(error, VendorError::Unusable(_)) && self.is_overdue(held.created_at) {
            return self.fail(held, cases, End::told(UNUSABLE_ANSWER)).await;
        }
        let failure = Failure {
            error,
            looks: held.attempts,
            failing_since: held.failing_since,
            now: self.ctx.clock.now(),
            error_after: self.ctx.settings.refinitiv.error_after,
        };
        match after_failure(&failure, &self.pacing.looks, &*self.ctx.entropy) {
            AfterFailure::Again { after, failing_since } => {
                self.ask_later(held, after.max(at_least), failing_since).await
            }
            AfterFailure::GiveUp { .. } => self.fail(held, cases, End::told(VENDOR_UNAVAILABLE)).await,
        }
    }

    /// Whether what began then should have ended long ago.
    pub(crate) fn is_overdue(&self, since: Timestamp) -> bool {
        let lasted = (self.ctx.clock.now() - since).to_std().unwrap_or_default();
        lasted > self.ctx.settings.refinitiv.deadline
    }
}

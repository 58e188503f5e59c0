//! Stores what is to be screened.

use chrono::TimeDelta;
use waybill_domain::{Fault, ScreeningOrigin, VerificationUuid, codes};
use waybill_jobs::KeepAnswer;
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, VerificationRow};
use waybill_store::tables::wco_results::NewWco;

use super::counterparty::Counterparty;
use crate::cases::{Intent, Taken};
use crate::service::Wco;

/// Requests about one verification within a millisecond, each of which needs a name of its own.
pub(crate) const NAMES_TO_TRY: i64 = 100;

impl Wco {
    pub(crate) async fn verification(
        &self,
        uuid: VerificationUuid,
    ) -> Result<Option<VerificationRow>, StoreError> {
        let find = self
            .ctx
            .store
            .read("verifications::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        find.await
    }

    /// Row and cases of a new request.
    pub(crate) fn intent(
        &self,
        request_id: String,
        uuid: VerificationUuid,
        counterparty: &Counterparty,
        origin: ScreeningOrigin,
        number: i64,
    ) -> Intent {
        let now = self.ctx.clock.now();
        let request = NewWco {
            request_id,
            verification_uuid: uuid,
            counterparty_vasp_id: counterparty.vasp_id,
            direction: counterparty.direction,
            key_id: Some(self.key_id.clone()),
            origin,
            traceparent: Traceparent::current().map(|trace| trace.to_string()),
            created_at: now,
            lease: None,
        };
        let number = now.timestamp_millis() + number;
        let cases =
            Intent::cases(&request, &counterparty.subjects, self.api.group_id(), number, &self.ctx.vault);
        let reuse = self.ctx.settings.refinitiv.reuse;
        let share_since = (!reuse.is_zero()).then(|| now - reuse);
        Intent { request, cases, share_since, repeatable: None }
    }

    /// Stores a request of the API, leased to `worker`; with what its repetition got, when it is one.
    pub(super) async fn take(
        &self,
        request_id: &str,
        uuid: VerificationUuid,
        counterparty: &Counterparty,
        repeatable: Option<&KeepAnswer>,
        worker: &str,
    ) -> Result<(Taken, NewWco), Fault> {
        let keep = self.ctx.settings.idempotency.keep;
        let keep = TimeDelta::from_std(keep).unwrap_or(TimeDelta::MAX);
        let forget_before = self.ctx.clock.now().checked_sub_signed(keep).unwrap_or_default();
        for number in 0..NAMES_TO_TRY {
            let mut intent =
                self.intent(request_id.to_owned(), uuid, counterparty, ScreeningOrigin::Api, number);
            intent.repeatable = repeatable.map(|repeatable| (repeatable.clone(), forget_before));
            intent.request.lease = Some((worker.to_owned(), self.pacing.lease));
            let request = intent.request.clone();
            let write = self.ctx.store.write("wco::take", intent, |tx, intent| Box::pin(intent.store(tx)));
            match write.await {
                Err(StoreError::GuardLost(_)) => {} // that name is taken
                Err(error) => return Err(refusal(&error)),
                Ok(taken) => return Ok((taken, request)),
            }
        }
        Err(codes::internal_error())
    }
}

/// A failure of the database, once it is in the log.
pub(super) fn refusal(error: &StoreError) -> Fault {
    tracing::error!(%error, "a risk assessment could not be stored");
    codes::database_unavailable()
}

//! One look at a row that a worker has leased: from the registration to the result, one step at a time.

use std::time::Duration;

use tokio::time::timeout;
use waybill_domain::{KytApiType, ScreeningStatus, Timestamp};
use waybill_runtime::failpoint;
use waybill_store::StoreError;
use waybill_store::tables::kyt_results::{self, KytRow, NewKyt, Registered};
use waybill_vendors::{AfterFailure, Ask, Failure, STEPS, VendorError, after_failure, next_look};

use super::error::KytError;
use super::gate;
use super::service::{Kyt, as_new, content};
use super::take_on::twin;
use super::wire::Summary;
use crate::reason::Reason;

/// So long the vendor may not know a registration that it has just taken on.
const REPLICATION: Duration = Duration::from_secs(300);

/// A worker at a row.
pub(super) struct Look<'a> {
    pub kyt: &'a Kyt,
    pub worker: &'a str,
    pub row: &'a KytRow,
}

impl Look<'_> {
    /// Takes the row a step further.
    pub(super) async fn take(&self) -> Result<(), StoreError> {
        match (self.row.status, &self.row.external_id) {
            (ScreeningStatus::Processed, Some(external_id)) => self.look_again(external_id).await,
            (_, Some(external_id)) => match self.assess(external_id).await? {
                Ok(()) => Ok(()),
                Err(error) => self.failed(&error).await,
            },
            (_, None) => self.register().await,
        }
    }

    /// Registers what a request could not register in its time.
    async fn register(&self) -> Result<(), StoreError> {
        let new = self.as_new();
        let Ok(_alone) = timeout(self.kyt.timeout(), self.kyt.alone.hold(content(&new))).await else {
            return self.no_turn(Duration::ZERO).await; // one before us is slow, and our lease does not last for ever
        };
        if let Some(twin) = self.twin().await? {
            let said = Registered {
                external_id: twin.external_id.unwrap_or_default(), // a twin has one
                network: twin.network,
                key_id: twin.key_id,
                shares_request: Some(twin.request_id),
                at: self.kyt.now(),
            };
            return self.write_registered(said, Duration::ZERO).await;
        }
        match self.kyt.client.register(self.row, Ask::poll(self.kyt.timeout())).await {
            Ok(summary) => {
                self.kyt.gate.open();
                failpoint("kyt.registered");
                self.registered(&summary).await
            }
            Err(error) => self.failed_to_register(&error).await,
        }
    }

    /// The row as it would be stored now, with the key that is used now.
    fn as_new(&self) -> NewKyt {
        NewKyt { key_id: Some(self.kyt.client.credential.id.clone()), ..as_new(self.row) }
    }

    async fn twin(&self) -> Result<Option<KytRow>, StoreError> {
        let arguments = (self.as_new(), self.kyt.ctx.settings.chainalysis.kyt_reuse);
        let find = self
            .kyt
            .ctx
            .store
            .read("kyt::twin", arguments, |tx, (new, reuse)| Box::pin(twin(tx, new, *reuse)));
        find.await
    }

    /// The vendor has taken it on. When it has its result already, the next look is now.
    pub(super) async fn registered(&self, summary: &Summary) -> Result<(), StoreError> {
        let said = Registered {
            external_id: summary.external_id.clone(),
            network: summary.network.clone(),
            key_id: Some(self.kyt.client.credential.id.clone()),
            shares_request: None,
            at: self.kyt.now(),
        };
        let next = if summary.updated_at.is_some() { Duration::ZERO } else { self.next(0) };
        self.write_registered(said, next).await
    }

    async fn write_registered(&self, said: Registered, next: Duration) -> Result<(), StoreError> {
        let arguments = (self.row.request_id.clone(), self.worker.to_owned(), said, next);
        let write = self.kyt.ctx.store.write("kyt::registered", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, said, next) = arguments;
                kyt_results::registered(tx, request_id, worker, said, *next).await
            })
        });
        write.await
    }

    /// The vendor did not take it on.
    pub(super) async fn failed_to_register(&self, error: &KytError) -> Result<(), StoreError> {
        match error {
            // A path that is not there is a wrong URL in the settings, and can be mended.
            KytError::NotFound => {
                self.hold(&VendorError::Unusable("its path"), Reason::UnreadableAnswer).await
            }
            other => self.failed(other).await,
        }
    }

    /// Nothing new: looks again later, until the time for it is over. The first answer after a failure ends nothing: the
    /// vendor gets the time that it was away.
    pub(super) async fn not_yet(&self) -> Result<(), StoreError> {
        if self.row.failing_since.is_none() && self.is_older_than(self.deadline()) {
            return self.end(Reason::NoResultInTime).await;
        }
        self.later(self.next(self.row.attempts), None).await
    }

    /// What follows from an answer that does not lead on.
    pub(super) async fn failed(&self, error: &KytError) -> Result<(), StoreError> {
        match error {
            KytError::Vendor(VendorError::NoTurn { retry_after }) => self.no_turn(*retry_after).await,
            KytError::Vendor(error) => self.hold(error, Reason::VendorUnavailable).await,
            KytError::Denied(_) => self.denied().await,
            KytError::NotFound if self.row.failing_since.is_some() || !self.is_older_than(REPLICATION) => {
                self.later(self.next(self.row.attempts), None).await
            }
            KytError::NotFound => self.end(Reason::NotFound).await,
            KytError::Refused(_) => self.end(Reason::Refused).await,
            KytError::AnotherRegistration => self.end(Reason::AnotherRegistration).await,
        }
    }

    /// The vendor's limit is used up: that says nothing of the vendor.
    async fn no_turn(&self, retry_after: Duration) -> Result<(), StoreError> {
        let next = retry_after.max(self.next(0));
        let arguments = (self.row.request_id.clone(), self.worker.to_owned(), next, self.row.failing_since);
        let write = self.kyt.ctx.store.write("kyt::released", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, next, failing_since) = arguments;
                kyt_results::released(tx, request_id, worker, *next, *failing_since).await
            })
        });
        write.await
    }

    /// The vendor is away: waits for it, or gives up where the settings say so.
    async fn hold(&self, error: &VendorError, reason: Reason) -> Result<(), StoreError> {
        let failure = Failure {
            error,
            looks: self.row.attempts,
            failing_since: self.row.failing_since,
            now: self.kyt.now(),
            error_after: self.kyt.ctx.settings.chainalysis.kyt_error_after,
        };
        match after_failure(&failure, &STEPS, &*self.kyt.ctx.entropy) {
            AfterFailure::Again { after, failing_since } => self.later(after, failing_since).await,
            AfterFailure::GiveUp { .. } => self.end(reason).await,
        }
    }

    /// The key is refused, and may be mended: the row waits, and so do all others.
    async fn denied(&self) -> Result<(), StoreError> {
        self.kyt.gate.close();
        tracing::error!(alarm = "screening", vendor = super::client::NAME, "the vendor refuses our key");
        let now = self.kyt.now();
        let since = self.row.failing_since.unwrap_or(now);
        let longest = self.kyt.ctx.settings.chainalysis.kyt_error_after;
        if longest.is_some_and(|longest| now >= since + longest) {
            return self.end(Reason::Denied).await;
        }
        self.later(gate::CLOSED_FOR + self.next(0), Some(since)).await
    }

    /// Due again after `next`.
    pub(super) async fn later(
        &self,
        next: Duration,
        failing_since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let arguments = (self.row.request_id.clone(), self.worker.to_owned(), next, failing_since);
        let write = self.kyt.ctx.store.write("kyt::later", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, next, failing_since) = arguments;
                kyt_results::later(tx, request_id, worker, *next, *failing_since).await
            })
        });
        write.await
    }

    fn is_older_than(&self, length: Duration) -> bool {
        self.kyt.now() >= self.row.registered_at.unwrap_or(self.row.created_at) + length
    }

    fn deadline(&self) -> Duration {
        let settings = &self.kyt.ctx.settings.chainalysis;
        match self.row.api_type {
            KytApiType::Transfer => settings.kyt_transfer_deadline,
            KytApiType::Attempt => settings.kyt_attempt_deadline,
        }
    }

    pub(super) fn next(&self, attempts: u32) -> Duration {
        next_look(attempts, &STEPS, &*self.kyt.ctx.entropy)
    }
}

//! Answers [`RegisterKyt`]: the row first, then the vendor, within the time of one call.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};
use waybill_bus::RequestHandler;
use waybill_domain::{Fault, ScreeningOrigin, codes};
use waybill_jobs::{KeepAnswer, RegisterKyt, ScreeningAnswer};
use waybill_runtime::failpoint;
use waybill_store::StoreError;
use waybill_store::tables::idempotency;
use waybill_store::tables::kyt_results::{self, KytRow};
use waybill_vendors::{Ask, PollerHandle, Renewed};

use super::error::KytError;
use super::look::Look;
use super::service::{Kyt, content};
use super::subject::subject;
use super::take_on::{Intent, TakenOn, Wanted, new_row, take_on};
use crate::reason::Reason;
use crate::verification::{asked_about, unavailable};

/// What is left of a lease when the vendor's time is over.
const MARGIN: Duration = Duration::from_secs(5);

/// Registers what our backend asks for.
pub(super) struct Registrar {
    pub kyt: Renewed<Kyt>,
    pub poller: PollerHandle,
}

#[async_trait]
impl RequestHandler<RegisterKyt> for Registrar {
    async fn answer(&self, request: RegisterKyt) -> Result<ScreeningAnswer, Fault> {
        let request_id = self.kyt.get().answer(request).await?;
        self.poller.wake();
        Ok(ScreeningAnswer { request_id })
    }
}

impl Kyt {
    async fn answer(&self, request: RegisterKyt) -> Result<String, Fault> {
        let deadline = Instant::now() + self.timeout();
        let (row, role) = asked_about(&self.ctx, request.verification_uuid).await?;
        let subject = subject(&self.ctx.networks, &row, role, request.network.as_deref())?;
        let worker = format!("request-{}", self.ctx.request_id());
        let wanted = Wanted {
            request_id: self.ctx.new_uuid().to_string(),
            verification_uuid: request.verification_uuid,
            subject,
            origin: ScreeningOrigin::Api,
            key_id: self.client.credential.id.clone(),
            lease: Some((worker.clone(), self.timeout() + MARGIN)),
        };
        let intent = self.intent(wanted, request.repeatable.clone());
        let request_id = intent.new.request_id.clone();
        // Whoever asks for the same meanwhile finds this registration. Too late to wait: then each has its own.
        let _alone = timeout_at(deadline, self.alone.hold(content(&intent.new))).await;
        match self.write(intent).await? {
            TakenOn::Earlier(earlier) => return earlier,
            TakenOn::Shared => {}
            TakenOn::New(row) => self.register(&row, &worker, deadline, request.repeatable).await?,
        }
        Ok(request_id)
    }

    fn intent(&self, wanted: Wanted, repeatable: Option<KeepAnswer>) -> Intent {
        let settings = &self.ctx.settings;
        Intent {
            new: new_row(&self.ctx, wanted),
            reuse: settings.chainalysis.kyt_reuse,
            keep_for: settings.idempotency.keep,
            repeatable,
            claim: None,
        }
    }

    async fn write(&self, intent: Intent) -> Result<TakenOn, Fault> {
        let write = self.ctx.store.write("kyt::take_on", intent, |tx, intent| Box::pin(take_on(tx, intent)));
        write.await.map_err(|error: StoreError| unavailable(&error))
    }

    /// Asks the vendor. Its refusals are the caller's; everything else is the poller's from here on.
    async fn register(
        &self,
        row: &KytRow,
        worker: &str,
        deadline: Instant,
        repeatable: Option<KeepAnswer>,
    ) -> Result<(), Fault> {
        failpoint("kyt.stored");
        let within = deadline.saturating_duration_since(Instant::now());
        let look = Look { kyt: self, worker, row };
        let said = self.client.register(row, Ask::request(within)).await;
        failpoint("kyt.registered");
        let (reason, fault) = match said {
            Ok(summary) => {
                self.gate.open();
                note(look.registered(&summary).await);
                return Ok(());
            }
            Err(KytError::Denied(message)) => (Reason::Denied, codes::vendor_denied(&message)),
            Err(KytError::Refused(message)) => (Reason::Refused, codes::bad_request(&message)),
            Err(error) => {
                note(look.failed_to_register(&error).await);
                return Ok(());
            }
        };
        tracing::warn!(request_id = row.request_id, %reason, "the vendor refuses a risk assessment");
        note(self.refused(row, worker, reason, repeatable).await);
        Err(fault)
    }

    /// The row ends, and the request may be sent again under its key.
    async fn refused(
        &self,
        row: &KytRow,
        worker: &str,
        reason: Reason,
        repeatable: Option<KeepAnswer>,
    ) -> Result<(), StoreError> {
        let arguments = (row.request_id.clone(), worker.to_owned(), reason, repeatable, self.now());
        let write = self.ctx.store.write("kyt::refused", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, reason, repeatable, at) = arguments;
                kyt_results::failed(tx, request_id, worker, reason.as_str(), *at).await?;
                match repeatable {
                    Some(keep) => idempotency::forget(tx, &keep.scope, &keep.key).await,
                    None => Ok(()),
                }
            })
        });
        write.await?;
        waybill_metrics::screening_ended(super::client::NAME, "ERROR");
        Ok(())
    }
}

/// The row is there, so nothing is lost: its lease ends, and a poller goes on with it.
fn note(outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "what the vendor said was not stored: a poller will ask it again");
    }
}

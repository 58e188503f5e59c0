//! Runs a handler on a claimed command and writes down what becomes of the command.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tracing::Instrument as _;
use waybill_jobs::Command;
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand};

use crate::shared::Shared;
use crate::{Claim, CommandHandler, Outcome};

const AFTER_PANIC: Duration = Duration::from_secs(30);
const AFTER_DATABASE_FAILURE: Duration = Duration::from_secs(1);

type Work = dyn Fn(ClaimedCommand) -> BoxFuture<'static, Result<Outcome, StoreError>> + Send + Sync;

#[derive(Clone)]
pub(crate) struct Runner {
    shared: Arc<Shared>,
    work: Arc<Work>,
}

impl Runner {
    pub(crate) fn new<C: Command, H: CommandHandler<C>>(shared: Arc<Shared>, handler: H) -> Self {
        let handler = Arc::new(handler);
        let work = move |command: ClaimedCommand| {
            let handler = Arc::clone(&handler);
            async move {
                match serde_json::from_str::<C>(&command.body) {
                    Ok(body) => handler.handle(body, &Claim(command)).await,
                    Err(_) => Ok(Outcome::dead("the body cannot be read")),
                }
            }
            .boxed()
        };
        Self { shared, work: Arc::new(work) }
    }

    pub(crate) async fn run(self, command: ClaimedCommand) {
        let span = tracing::info_span!(
            "command",
            kind = command.kind,
            id = %command.id,
            attempt = command.attempts,
            traceparent = command.traceparent.as_deref()
        );
        async {
            let work = self.traced(&command, (self.work)(command.clone()));
            let outcome = self.outcome_of(work).await;
            self.settle(command, outcome).await;
        }
        .instrument(span)
        .await;
    }

    /// As the next step of the trace of the command's cause: the handler's calls to others carry it on.
    async fn traced<T>(&self, command: &ClaimedCommand, work: impl Future<Output = T>) -> T {
        match command.traceparent.as_deref().and_then(|text| text.parse::<Traceparent>().ok()) {
            Some(cause) => cause.next(&*self.shared.entropy).scope(work).await,
            None => work.await,
        }
    }

    /// What the handler decided; a panic, a failure or running into the end of the lease counts as `Retry`.
    async fn outcome_of(&self, work: impl Future<Output = Result<Outcome, StoreError>>) -> Option<Outcome> {
        let lease = self.shared.options.lease;
        let safe = lease - lease / 10;
        match tokio::time::timeout(safe, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(Ok(outcome))) => Some(outcome),
            Ok(Ok(Err(error @ StoreError::GuardLost(_)))) => {
                tracing::warn!(%error, "somebody else has taken over");
                None
            }
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "the database failed during the work");
                Some(Outcome::retry(AFTER_DATABASE_FAILURE, error.to_string()))
            }
            Ok(Err(_panic)) => {
                tracing::error!("the handler panicked");
                Some(Outcome::retry(AFTER_PANIC, "the handler panicked"))
            }
            Err(_) => {
                tracing::error!("the work took longer than its lease");
                Some(Outcome::retry(Duration::ZERO, "the work took longer than its lease"))
            }
        }
    }

    async fn settle(&self, command: ClaimedCommand, outcome: Option<Outcome>) {
        let Some(outcome) = outcome else { return };
        if let Outcome::Dead { why } = &outcome {
            tracing::error!(alarm = "dead-letter", why, "the command is given up");
        }
        if outcome == Outcome::Finished {
            return;
        }
        let settled = self
            .shared
            .store
            .write("commands::settle", (command, outcome), |tx, (command, outcome)| {
                Box::pin(async move {
                    match outcome {
                        Outcome::Finished => Ok(()),
                        Outcome::Done => commands::finish(tx, command).await,
                        Outcome::Retry { after, why } => commands::retry(tx, command, *after, why).await,
                        Outcome::Dead { why } => commands::fail(tx, command, why).await,
                    }
                })
            })
            .await;
        if let Err::<(), StoreError>(error) = settled {
            // Nothing is lost: the lease ends and the command is handed out again.
            tracing::warn!(%error, "the outcome could not be written down");
        }
    }
}

//! Runs a handler on a claimed command and writes down what becomes of the command.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tracing::Instrument as _;
use waybill_jobs::Command;
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand};

use crate::ending::{Ending, SharedEnding};
use crate::shared::Shared;
use crate::{Claim, CommandHandler, Outcome};

const AFTER_DATABASE_FAILURE: Duration = Duration::from_secs(1);
const PANICKED: &str = "the handler panicked";

type Work = dyn Fn(Claim) -> BoxFuture<'static, Result<Outcome, StoreError>> + Send + Sync;

#[derive(Clone)]
pub(crate) struct Runner {
    shared: Arc<Shared>,
    work: Arc<Work>,
}

/// How the work ended.
enum Worked {
    /// As the handler decided.
    Decided(Outcome),
    /// With a panic.
    Panicked,
    /// Somebody else has the command by now.
    TakenOver,
}

impl Runner {
    pub(crate) fn new<C: Command, H: CommandHandler<C>>(shared: Arc<Shared>, handler: H) -> Self {
        let handler = Arc::new(handler);
        let work = move |claim: Claim| {
            let handler = Arc::clone(&handler);
            async move {
                match serde_json::from_str::<C>(claim.body()) {
                    Ok(body) => handler.handle(body, &claim).await,
                    Err(_) => Ok(Outcome::dead("the body cannot be read")),
                }
            }
            .boxed()
        };
        Self { shared, work: Arc::new(work) }
    }

    pub(crate) async fn run(self, command: ClaimedCommand) {
        let cause = command.traceparent.as_deref().and_then(|text| text.parse::<Traceparent>().ok());
        let span = tracing::info_span!(
            "command",
            kind = command.kind,
            command_id = %command.id,
            attempt = command.attempts,
            trace_id = cause.map(Traceparent::trace_id),
        );
        self.run_traced(command, cause).instrument(span).await;
    }

    async fn run_traced(self, command: ClaimedCommand, cause: Option<Traceparent>) {
        let (begun, kind) = (Instant::now(), command.kind);
        let ending = SharedEnding::default();
        let claim = Claim::tracked(command.clone(), ending.clone());
        // A handler that panics before its first await must not take more than itself with it.
        let work = async { (self.work)(claim).await };
        let worked = match cause {
            // As the next step of the trace of the command's cause: the handler's calls to others carry it on.
            Some(cause) => cause.next(&*self.shared.entropy).scope(self.worked(work)).await,
            None => self.worked(work).await,
        };
        let ended = self.settle(command, worked, &ending, begun).await;
        ended.tell(kind, begun.elapsed());
    }

    /// A failure, and running into the end of the lease, count as `Retry`.
    async fn worked(&self, work: impl Future<Output = Result<Outcome, StoreError>>) -> Worked {
        let lease = self.shared.options.lease;
        let safe = lease - lease / 10;
        match tokio::time::timeout(safe, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(Ok(outcome))) => Worked::Decided(outcome),
            Ok(Ok(Err(error @ StoreError::GuardLost(_)))) => {
                tracing::warn!(%error, "somebody else has taken over");
                Worked::TakenOver
            }
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "the database failed during the work");
                Worked::Decided(Outcome::retry(AFTER_DATABASE_FAILURE, error.to_string()))
            }
            Ok(Err(_panic)) => {
                tracing::error!("{PANICKED}");
                Worked::Panicked
            }
            Err(_) => {
                tracing::error!("the work took longer than its lease");
                Worked::Decided(Outcome::retry(Duration::ZERO, "the work took longer than its lease"))
            }
        }
    }

    /// Tries until the outcome is written down or the lease is over: what a database does that was away for a moment must
    /// not cost the rest of a lease.
    async fn settle(
        &self,
        command: ClaimedCommand,
        worked: Worked,
        told: &SharedEnding,
        begun: Instant,
    ) -> Ending {
        loop {
            if let Worked::Decided(Outcome::Retry { after, why }) = &worked {
                tracing::debug!(why, after_ms = after.as_millis() as u64, "once more");
            }
            let settled = match &worked {
                Worked::TakenOver => Ok(Ending::Lost),
                Worked::Panicked => self.settle_panic(command.clone()).await,
                Worked::Decided(Outcome::Finished) => Ok(told.get()),
                Worked::Decided(outcome) => self.settle_outcome(command.clone(), outcome.clone()).await,
            };
            let error = match settled {
                Ok(ending) => return ending,
                Err(error) => error,
            };
            let left = self.shared.options.lease.saturating_sub(begun.elapsed());
            if left <= AFTER_DATABASE_FAILURE || matches!(error, StoreError::GuardLost(_)) {
                // Nothing is lost: the command is handed out again, or was already.
                tracing::warn!(%error, "the outcome could not be written down");
                return Ending::Lost;
            }
            self.shared.tell(&error, Some(command.kind), "the outcome is not written down yet");
            tokio::time::sleep(AFTER_DATABASE_FAILURE).await;
        }
    }

    async fn settle_outcome(&self, command: ClaimedCommand, outcome: Outcome) -> Result<Ending, StoreError> {
        let given_up = match &outcome {
            Outcome::Dead { why } => Some(why.clone()),
            _ => None,
        };
        let settle =
            self.shared.store.write("commands::settle", (command, outcome), |tx, (command, outcome)| {
                Box::pin(async move {
                    match outcome {
                        Outcome::Finished | Outcome::Done => {
                            commands::finish(tx, command).await.map(|()| Ending::Done)
                        }
                        Outcome::Retry { after, why } => {
                            commands::retry(tx, command, *after, why).await.map(|()| Ending::Retried)
                        }
                        Outcome::Dead { why } => {
                            commands::fail(tx, command, why).await.map(|()| Ending::Dead("given-up"))
                        }
                    }
                })
            });
        let settled = settle.await;
        if let (Some(why), Ok(_)) = (given_up, &settled) {
            tracing::error!(alarm = "dead-letter", why, "the command is given up");
        }
        settled
    }

    /// Once more, some times: then the command is what makes the handler panic.
    async fn settle_panic(&self, command: ClaimedCommand) -> Result<Ending, StoreError> {
        let options = &self.shared.options;
        let work = (command, options.after_panic, options.most_lost);
        let settle = self.shared.store.write("commands::retry_lost", work, |tx, (command, after, most)| {
            Box::pin(commands::retry_lost(tx, command, *after, PANICKED, *most))
        });
        let given_up: Result<bool, StoreError> = settle.await;
        Ok(match given_up? {
            false => Ending::Retried,
            true => {
                tracing::error!(alarm = "dead-letter", why = PANICKED, "the command is given up");
                Ending::Dead("panic")
            }
        })
    }
}

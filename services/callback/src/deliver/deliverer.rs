//! Takes a callback from the bus, sends it, and decides what follows.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::time::Instant;
use url::Url;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_egress::{Call, EgressClass, EgressError};
use waybill_jobs::DeliverCallback;
use waybill_runtime::{Traceparent, failpoint};
use waybill_store::tables::callback_deliveries;
use waybill_store::{StoreError, Tx};

use super::record::{Attempt, record};
use crate::CallbackService;
use crate::body::{Subject, render};
use crate::headers::OwnHeaders;
use crate::rules::{Ended, Rules, Step};

/// A name of its own: a backend that is slow to take callbacks does not stop the questions to it.
const DESTINATION: &str = "backend:callback";
/// Until the operator has repaired the settings.
const UNTIL_REPAIRED: Duration = Duration::from_secs(60);

pub(crate) struct Deliverer {
    service: CallbackService,
    headers: OwnHeaders,
    rules: Rules,
}

#[async_trait]
impl CommandHandler<DeliverCallback> for Deliverer {
    async fn handle(&self, command: DeliverCallback, claim: &Claim) -> Result<Outcome, StoreError> {
        let Some(url) = self.service.backend.callback_url.clone() else {
            return Ok(self.wait(claim, UNTIL_REPAIRED, "backend.callback_url is not set"));
        };
        let (subject, attempt) = self.load(&command, claim).await?;
        let body = match render(&command, subject, &self.service.vault) {
            Ok(body) => body,
            Err(error) if error.may_be_repaired() => {
                tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
                return Ok(self.wait(claim, UNTIL_REPAIRED, &error.to_string()));
            }
            Err(error) => return Ok(Outcome::dead(error.to_string())),
        };
        match self.headers(&command, &body) {
            Some(headers) => self.attempt(&command, claim, attempt, self.call(url, headers, body)).await,
            None => Ok(Outcome::dead("the webhook id cannot stand in a header")),
        }
    }
}

impl Deliverer {
    pub(crate) fn new(service: CallbackService, headers: OwnHeaders) -> Self {
        let rules = Rules::of(&service.settings);
        Self { service, headers, rules }
    }

    /// The record, and the number of this attempt.
    async fn load(&self, command: &DeliverCallback, claim: &Claim) -> Result<(Subject, u32), StoreError> {
        let wanted = (command.clone(), claim.clone());
        self.service
            .store
            .read("callback::load", wanted, |tx, (command, claim)| {
                Box::pin(async move {
                    let subject = Subject::load(tx, command).await?;
                    Ok((subject, 1 + attempts_so_far(tx, claim).await?))
                })
            })
            .await
    }

    fn headers(&self, command: &DeliverCallback, body: &Bytes) -> Option<HeaderMap> {
        let now = self.service.clock.now();
        let mut headers = self.headers.of_attempt(&command.webhook_id, now, body)?;
        if let Some(trace) = Traceparent::current() {
            trace.write(&mut headers);
        }
        Some(headers)
    }

    fn call(&self, url: Url, headers: HeaderMap, body: Bytes) -> Call {
        Call {
            class: EgressClass::Operator,
            destination: DESTINATION.to_owned(),
            method: Method::POST,
            url,
            headers,
            body,
            timeout: self.service.backend.callback_timeout,
            max_answer_bytes: self.service.backend.max_answer_bytes,
            concurrency: Some(self.service.settings.concurrency),
            sign_of_life: None,
        }
    }

    async fn attempt(
        &self,
        command: &DeliverCallback,
        claim: &Claim,
        number: u32,
        call: Call,
    ) -> Result<Outcome, StoreError> {
        failpoint("callback.sending");
        let (attempted_at, started) = (self.service.clock.now(), Instant::now());
        let ended = match self.service.egress.send(call).await {
            Ok(answer) => Ended::Answered {
                status: answer.status.as_u16(),
                retry_after: answer.retry_after(self.service.clock.now()),
            },
            Err(EgressError::BreakerOpen { retry_after }) => {
                return Ok(self.wait(claim, retry_after, "calls to the backend are suspended"));
            }
            Err(EgressError::Busy { retry_after }) => {
                let turn = retry_after.unwrap_or_default();
                return Ok(self.wait(claim, turn, "too many calls to the backend are under way"));
            }
            Err(error) => Ended::Failed(error),
        };
        let took = started.elapsed();
        failpoint("callback.sent");
        let step = self.rules.after_attempt(&ended, number, self.age(claim), self.jitter());
        record(&self.service.store, command, claim, Attempt { number, attempted_at, took, ended, step })
            .await?;
        Ok(Outcome::Finished)
    }

    /// Nothing was sent, so nothing is logged as an attempt.
    fn wait(&self, claim: &Claim, wait: Duration, why: &str) -> Outcome {
        match self.rules.without_attempt(wait, self.age(claim), self.jitter()) {
            Step::Again { after, .. } => Outcome::retry(after, why),
            Step::GiveUp | Step::Delivered => Outcome::dead(why),
        }
    }

    fn age(&self, claim: &Claim) -> Duration {
        (self.service.clock.now() - claim.created_at()).to_std().unwrap_or_default()
    }

    fn jitter(&self) -> u64 {
        self.service.entropy.below(1001)
    }
}

/// Attempts, not how often it was handed out: while the backend is left alone nothing is attempted.
async fn attempts_so_far(tx: &mut Tx, claim: &Claim) -> Result<u32, StoreError> {
    if claim.attempts() <= 1 {
        return Ok(0);
    }
    let attempts = callback_deliveries::of_command(tx, claim.id()).await?;
    // Those before it was given up and redriven do not count.
    let counted = attempts.iter().filter(|attempt| attempt.attempted_at >= claim.created_at()).count();
    Ok(u32::try_from(counted).unwrap_or(u32::MAX))
}

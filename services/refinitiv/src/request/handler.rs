//! Answers requests to screen.

use async_trait::async_trait;
use serde_json::Value;
use tokio::time::Instant;
use waybill_bus::RequestHandler;
use waybill_domain::{Fault, Role, VerificationResult, codes};
use waybill_jobs::{KeepAnswer, RegisterWco, Request as _, ScreeningAnswer};
use waybill_store::tables::wco_cases::WcoCase;
use waybill_vendors::{PollerHandle, Renewed};

use super::counterparty::{Counterparty, role_in};
use super::kept::{again, earlier};
use super::take::refusal;
use crate::api::Pace;
use crate::cases::Taken;
use crate::service::Wco;
use crate::settle::{End, Held};

/// Answers [`RegisterWco`].
pub(crate) struct Registration {
    pub wco: Renewed<Wco>,
    pub poller: PollerHandle,
}

#[async_trait]
impl RequestHandler<RegisterWco> for Registration {
    async fn answer(&self, request: RegisterWco) -> Result<ScreeningAnswer, Fault> {
        let answer = self.wco.get().answer(&request).await?;
        self.poller.wake();
        Ok(answer)
    }
}

impl Wco {
    async fn answer(&self, request: &RegisterWco) -> Result<ScreeningAnswer, Fault> {
        let until = Instant::now() + self.ctx.settings.refinitiv.timeout;
        if let Some(repeatable) = &request.repeatable
            && let Some(kept) = earlier(&self.ctx, repeatable).await.map_err(|error| refusal(&error))?
        {
            return kept;
        }
        let counterparty = self.counterparty(request).await?;
        let (request_id, worker) = (self.ctx.new_uuid().to_string(), self.ctx.request_id());
        let (uuid, repeatable) = (request.verification_uuid, request.repeatable.as_ref());
        let (taken, new) = self.take(&request_id, uuid, &counterparty, repeatable, &worker).await?;
        match taken {
            Taken::New(cases) => {
                self.take_to_vendor(&Held::new(&new, &worker), cases, repeatable, until).await?;
                Ok(ScreeningAnswer { request_id })
            }
            Taken::Kept(kept) => again(repeatable.ok_or_else(codes::internal_error)?, &kept),
            Taken::Known => Err(codes::internal_error()),
        }
    }

    async fn counterparty(&self, request: &RegisterWco) -> Result<Counterparty, Fault> {
        let (ctx, uuid) = (&self.ctx, request.verification_uuid);
        let row = self.verification(uuid).await.map_err(|error| refusal(&error))?;
        let row = row.ok_or_else(|| codes::not_found_verification(uuid))?;
        let role = role_in(&row, ctx.own_id).ok_or_else(|| codes::not_found_verification(uuid))?;
        if role == Role::Beneficiary && row.result == VerificationResult::Wait {
            return Err(codes::unsupported_risk_assessment("The verification has no result yet"));
        }
        let payload = match &request.payload_sealed {
            Some(sealed) => {
                let text = ctx.vault.open_request(RegisterWco::KIND, &request.request_name, sealed)?;
                Some(serde_json::from_str::<Value>(&text).map_err(|_| Fault::invalid("payload"))?)
            }
            None => None,
        };
        Counterparty::of(ctx, &row, role, payload.as_ref())
    }

    /// Has the vendor take the cases on, as far as that goes until then. What is left to do is the poller's.
    async fn take_to_vendor(
        &self,
        held: &Held,
        mut cases: Vec<WcoCase>,
        repeatable: Option<&KeepAnswer>,
        until: Instant,
    ) -> Result<(), Fault> {
        let stopped = match self.register(&held.worker, &mut cases, Pace::Request(until)).await {
            Ok(()) => {
                self.note(&held.request_id, self.registered(held, &cases).await);
                return Ok(());
            }
            Err(stopped) => stopped,
        };
        if let Some(refused) = self.refused(&stopped, &cases) {
            let end = End { reason: refused.reason, told: false, forget: repeatable.cloned() };
            self.fail(held, &cases, end).await.map_err(|error| refusal(&error))?;
            return Err(refused.fault);
        }
        tracing::warn!(%stopped, request_id = held.request_id, "World-Check has not taken the request on yet");
        self.note(&held.request_id, self.stopped(held, &cases, stopped).await);
        Ok(())
    }
}

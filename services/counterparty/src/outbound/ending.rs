//! How the wait for an answer ends, on the originator's side.

use serde_json::{Value, json};
use waybill_context::{Context, Screenings};
use waybill_domain::{
    Event, Role, ScreeningEvent, Timestamp, Verdict, VerificationResult, VerificationState, VerificationUuid,
    apply, reason,
};
use waybill_jobs::{CallbackType, DeliverCallback, NotifyExpiry};
use waybill_store::tables::audit::AuditEntry;
use waybill_store::tables::commands::NewCommand;
use waybill_store::tables::verifications::{Change, VerificationRow};
use waybill_vault::Column;

/// What happened, in clear.
pub(super) struct Ending {
    pub event: Event,
    pub reason: String,
    /// Free text; may be personal.
    pub message: Option<String>,
    /// The beneficiary as answered, IVMS101 JSON.
    pub beneficiary: Option<Value>,
    pub verified_at: Option<Timestamp>,
    /// The key of ours that was made for this answer only.
    pub spent_key: Option<String>,
    /// It is our own decision, so the beneficiary's node may hold another result, and is told.
    pub gives_up: bool,
}

/// What happened, ready to be written with [`record_answer`](super::record_answer()).
#[derive(Clone)]
pub struct SealedEnding {
    pub(super) uuid: VerificationUuid,
    pub(super) event: Event,
    pub(super) result: VerificationResult,
    pub(super) change: Change,
    pub(super) callback: NewCommand,
    pub(super) notice: Option<NewCommand>,
    pub(super) screenings: Screenings,
    pub(super) audit: AuditEntry,
    pub(super) spent_key: Option<String>,
    /// When our backend asked for it.
    pub(super) created_at: Timestamp,
}

impl Ending {
    /// No answer came before the deadline.
    pub fn expired() -> Self {
        Self::giving_up(Event::DeadlinePassed, reason::REQUEST_TIMEOUT)
    }

    /// The answer is about another account.
    pub fn account_not_matched() -> Self {
        Self::giving_up(Event::AccountNotMatched, reason::BENEFICIARY_ACCOUNT_NOT_MATCHED)
    }

    /// There will be no usable answer; `code` says why.
    pub fn failed(code: &str) -> Self {
        let event = Event::Answered(Verdict::Error);
        Self { message: Some(code.to_owned()), ..Self::giving_up(event, reason::UNDEFINED_ERROR) }
    }

    fn giving_up(event: Event, reason: &str) -> Self {
        let reason = reason.to_owned();
        let (message, beneficiary, verified_at, spent_key) = (None, None, None, None);
        Self { event, reason, message, beneficiary, verified_at, spent_key, gives_up: true }
    }

    /// Seals what may be personal and adds who is to be told: our backend, and the beneficiary's node where it has to be.
    pub fn seal(self, ctx: &Context, row: &VerificationRow, traceparent: Option<&str>) -> SealedEnding {
        // Cannot fail: each event of an ending is legal while waiting.
        let to = apply(VerificationState::WAIT, self.event)
            .unwrap_or(VerificationState::of(VerificationResult::Error));
        let seal = |column, text: &str| ctx.vault.seal_column(row.uuid, column, text);
        let change = Change {
            message_sealed: self.message.map(|text| seal(Column::Message, &text)),
            beneficiary_sealed: self.beneficiary.map(|it| seal(Column::Beneficiary, &it.to_string())),
            verified_at: self.verified_at,
            reason: Some(self.reason),
            ..Change::default()
        };
        let audit = AuditEntry {
            at: ctx.clock.now(),
            event: "VERIFICATION-ENDED",
            actor: match self.event {
                Event::Answered(_) => format!("vasp:{}", row.beneficiary_vasp_id),
                _ => "node".to_owned(),
            },
            subject: Some(row.uuid.to_string()),
            detail: json!({"result": to.result, "reason": change.reason}),
        };
        let (reason, message) = (change.reason.clone(), change.message_sealed.clone());
        let callback = result_callback(ctx, row.uuid, to.result, reason, message, traceparent);
        let notice = self.gives_up.then(|| {
            let notice = ctx.bus.command(&NotifyExpiry { verification_uuid: row.uuid });
            notice.in_group(row.uuid).traced(traceparent.map(str::to_owned))
        });
        let screenings = match self.event {
            Event::Answered(Verdict::Verified) => {
                let trace = traceparent.map(str::to_owned);
                Screenings::after(ctx, ScreeningEvent::Verified, Role::Originator, row.uuid, trace)
            }
            _ => Screenings::default(),
        };
        SealedEnding {
            uuid: row.uuid,
            event: self.event,
            result: to.result,
            change,
            callback,
            notice,
            screenings,
            audit,
            spent_key: self.spent_key,
            created_at: row.created_at,
        }
    }
}

/// The command that tells our backend the result.
pub(super) fn result_callback(
    ctx: &Context,
    uuid: VerificationUuid,
    result: VerificationResult,
    reason: Option<String>,
    message_sealed: Option<String>,
    traceparent: Option<&str>,
) -> NewCommand {
    let callback = DeliverCallback {
        callback_type: CallbackType::VerificationResult,
        verification_uuid: uuid,
        webhook_id: format!("msg_{}", ctx.request_id()),
        result: Some(result.as_str().to_owned()),
        reason,
        message_sealed,
        request_id: None,
    };
    let command = ctx.bus.command(&callback).in_group(uuid).holding(ctx.settings.callback.order_hold);
    command.traced(traceparent.map(str::to_owned))
}

//! Taking on a verification: record, command and audit entry in one transaction.

use serde::Serialize;
use serde_json::Value;
use waybill_context::{Context, Screenings};
use waybill_domain::{Fault, Role, ScreeningEvent, Timestamp, VerificationUuid, iso_time};
use waybill_ivms101::model::Party;
use waybill_ivms101::write::verify_vasp;
use waybill_jobs::VerifyCounterparty;
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::idempotency::KeptAnswer;
use waybill_store::tables::verifications::{self, NewVerification};
use waybill_store::{StoreError, Tx};
use waybill_vault::Column;

use super::request::{self, VerificationRequest};
use crate::callers::Caller;
use crate::idempotency::Repeatable;
use crate::ingress::current_trace;
use crate::members::{self, ivms101_block};
use crate::reading::check_size;
use crate::refused::Refused;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    verification_uuid: VerificationUuid,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
}

/// A verification that may be taken on, sealed and ready to be stored.
pub(super) struct Acceptance {
    verification: NewVerification,
    command: NewCommand,
    screenings: Screenings,
    audit: AuditEntry,
    answer: String,
}

/// Checks a request and prepares what is to be stored. Touches no database.
///
/// # Errors
/// Whatever is wrong with the request or its counterparty.
pub(super) fn prepare(ctx: &Context, caller: &Caller, body: &Value) -> Result<Acceptance, Fault> {
    let asked = request::read(body, ctx.clock.now().date_naive())?;
    let verification = seal(ctx, asked)?;
    let (uuid, created_at) = (verification.uuid, verification.created_at);
    let answer = Answer { verification_uuid: uuid, created_at };
    let command = ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid });
    Ok(Acceptance {
        command: command.in_group(uuid).traced(current_trace()),
        screenings: Screenings::after(ctx, ScreeningEvent::Created, Role::Originator, uuid, current_trace()),
        audit: AuditEntry {
            at: created_at,
            event: "VERIFICATION-ACCEPTED",
            actor: caller.name().to_owned(),
            subject: Some(uuid.to_string()),
            detail: serde_json::json!({ "beneficiaryVaspId": verification.beneficiary_vasp_id }),
        },
        // Cannot fail: two texts.
        answer: serde_json::to_string(&answer).unwrap_or_default(),
        verification,
    })
}

/// The record, personal data sealed and the two VASPs filled in from the directory.
fn seal(ctx: &Context, asked: VerificationRequest<'_>) -> Result<NewVerification, Fault> {
    let created_at = ctx.clock.now();
    let directory = ctx.directory.current();
    let beneficiary_vasp = members::counterparty(&directory, asked.beneficiary_vasp_id, created_at)?;
    let originating_vasp = members::ourselves(&directory, ctx.own_id)?;
    let originator = verify_vasp::party(&asked.payload.originator, Role::Originator).to_string();
    let beneficiary = verify_vasp::party(&asked.payload.beneficiary, Role::Beneficiary).to_string();
    check_size(originator.len() + beneficiary.len())?;
    let uuid = ctx.new_uuid();
    let seal = |column, text: &str| ctx.vault.seal_column(uuid, column, text);
    let block = |member, role| ivms101_block(member, role).to_string();
    Ok(NewVerification {
        uuid,
        asset: asked.asset,
        originating_vasp_id: ctx.own_id,
        originator_account_number: account_number(&asked.payload.originator, "originator")?,
        originator_sealed: seal(Column::Originator, &originator),
        originating_vasp_sealed: seal(Column::OriginatingVasp, &block(originating_vasp, Role::Originator)),
        beneficiary_vasp_id: asked.beneficiary_vasp_id,
        beneficiary_account_number: account_number(&asked.payload.beneficiary, "beneficiary")?,
        beneficiary_sealed: seal(Column::Beneficiary, &beneficiary),
        beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, &block(beneficiary_vasp, Role::Beneficiary)),
        created_at,
        key_type: asked.key_type,
        payload_version: asked.version.to_owned(),
        required_beneficiary_info: asked.required.to_string(),
        expires_at: created_at + ctx.settings.verification.deadline,
    })
}

fn account_number(party: &Party, side: &str) -> Result<String, Fault> {
    let number = party.account_number().map(str::to_owned);
    number.ok_or_else(|| Fault::missing(&format!("payload.ivms101.{side}.accountNumber")))
}

/// Stores a verification and gives the answer: its own, or the one that an earlier request with the same idempotency
/// key got.
pub(super) async fn store(
    ctx: &Context,
    acceptance: Acceptance,
    repeatable: Option<Repeatable>,
) -> Result<String, Refused> {
    let forget_before = acceptance.verification.created_at - ctx.settings.idempotency.keep;
    let answer = acceptance.answer.clone();
    let work = (acceptance, repeatable, forget_before);
    let kept = ctx.store.write("accept_verification", work, |tx, work| Box::pin(insert(tx, work))).await?;
    failpoint("accept.stored");
    Ok(kept.transpose()?.unwrap_or(answer))
}

/// Gives what an earlier request got, if there was one; nothing is stored then.
async fn insert(
    tx: &mut Tx,
    (new, repeatable, forget_before): &(Acceptance, Option<Repeatable>, Timestamp),
) -> Result<Option<Result<String, Fault>>, StoreError> {
    if let Some(repeatable) = repeatable {
        let answer =
            KeptAnswer { request_digest: repeatable.digest.clone(), status: 200, body: new.answer.clone() };
        let earlier = repeatable.keep(tx, &answer, new.verification.created_at, *forget_before).await?;
        if earlier.is_some() {
            return Ok(earlier);
        }
    }
    if !verifications::insert(tx, &new.verification).await? {
        return Err(StoreError::GuardLost("verification_uuid"));
    }
    commands::insert(tx, &new.command).await?;
    new.screenings.add(tx).await?;
    audit::append(tx, &new.audit).await?;
    Ok(None)
}

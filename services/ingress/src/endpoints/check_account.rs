//! `POST /v1/verifications/account`: does this address belong to a customer of that VASP? Answered at once.

mod describe;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use waybill_context::Context;
use waybill_domain::{AccountVerificationResult, Fault, KeyType, Timestamp, VaspId, iso_time, limits};
use waybill_ivms101::model::Party;
use waybill_ivms101::{read_account_check, write::verify_vasp};
use waybill_jobs::{AccountAnswer, CheckAccount, Request};
use waybill_vault::VaultError;

use crate::ingress::SharedIngress;
use crate::members;
use crate::reading::{Fields, JsonBody, check_size, first_error};
use crate::refused::Refused;

pub(crate) use describe::operation;

struct Question<'b> {
    key_type: KeyType,
    beneficiary_vasp_id: VaspId,
    symbol: &'b str,
    network: Option<&'b str>,
    version: &'b str,
    beneficiary: Party,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    account_verification_result: AccountVerificationResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(with = "iso_time")]
    verified_at: Timestamp,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    body: JsonBody,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let question = read(&body.value)?;
    members::counterparty(&ctx.directory.current(), question.beneficiary_vasp_id, ctx.clock.now())?;
    let request = request(ctx, &question)?;
    let answered = ctx.bus.ask(&request, ctx.settings.ingress.account_timeout).await?;
    Ok(Json(Answer::open(ctx, &request, answered)?))
}

fn read(body: &Value) -> Result<Question<'_>, Fault> {
    let body = Fields::of_body(body)?;
    let key_type = body.parsed("keyType")?;
    let beneficiary_vasp_id = body.parsed("beneficiaryVaspId")?;
    let symbol = body.text("symbol", limits::SYMBOL)?;
    let network = body.optional_text("network", limits::NETWORK)?;
    let payload = body.object("payload")?;
    let version = payload.text("payload.version", limits::PAYLOAD_VERSION)?;
    let ivms101 = payload.value("payload.ivms101")?;
    let beneficiary = first_error(read_account_check(ivms101, "payload.ivms101"))?;
    Ok(Question { key_type, beneficiary_vasp_id, symbol, network, version, beneficiary })
}

/// The question for the service that asks the counterparty. Names and the account are sealed: the bus is no place for
/// personal data.
fn request(ctx: &Context, question: &Question<'_>) -> Result<CheckAccount, Fault> {
    let ivms101 = verify_vasp::beneficiary_only(&question.beneficiary);
    let payload = json!({ "version": question.version, "ivms101": ivms101 }).to_string();
    check_size(payload.len())?;
    let request_id = ctx.request_id();
    Ok(CheckAccount {
        payload_sealed: ctx.vault.seal_request(CheckAccount::KIND, &request_id, &payload),
        request_id,
        beneficiary_vasp_id: question.beneficiary_vasp_id,
        key_type: question.key_type,
        symbol: question.symbol.to_owned(),
        network: question.network.map(str::to_owned),
    })
}

impl Answer {
    fn open(ctx: &Context, request: &CheckAccount, answered: AccountAnswer) -> Result<Self, VaultError> {
        let open = |sealed: &String| ctx.vault.open_request(CheckAccount::KIND, &request.request_id, sealed);
        let message = answered.message_sealed.as_ref().map(open).transpose()?;
        Ok(Self {
            account_verification_result: answered.account_verification_result,
            reason: answered.reason,
            message: message.map(|mut text| std::mem::take(&mut *text)),
            verified_at: answered.verified_at,
        })
    }
}

#[cfg(test)]
mod tests;

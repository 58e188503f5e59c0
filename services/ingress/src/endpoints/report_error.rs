//! `POST /v1/verifications/error`: the originator reports that the transfer will never happen.

mod describe;

use axum::Json;
use axum::extract::{Extension, State};
use waybill_domain::{Event, Fault, ReportedError, VerificationResult, VerificationUuid, codes, limits};
use waybill_jobs::ReportError;
use waybill_store::tables::verifications::{Change, VerificationRow};
use waybill_vault::Column;

use super::report::{self, Accepted, Report, Step};
use crate::callers::Caller;
use crate::ingress::SharedIngress;
use crate::reading::{Fields, JsonBody};
use crate::refused::Refused;

pub(crate) use describe::operation;

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    body: JsonBody,
) -> Result<Json<Accepted>, Refused> {
    let ctx = &ingress.ctx;
    let body = Fields::of_body(&body.value)?;
    let result: ReportedError = body.parsed("result")?;
    let reason = body.text("reason", limits::REASON)?;
    let message = body.optional_text("message", limits::MESSAGE)?;
    let uuid: VerificationUuid = body.parsed("verificationUuid")?;
    let change = Change {
        reason: Some(reason.to_owned()),
        message_sealed: message.map(|text| ctx.vault.seal_column(uuid, Column::Message, text)),
        error_reported_at: Some(ctx.clock.now()),
        ..Change::default()
    };
    let report = Report { uuid, event: Event::ErrorReported(result), change, judge };
    report::take(ctx, &caller, report, &ReportError { verification_uuid: uuid }, "ERROR-REPORTED").await
}

fn judge(row: &VerificationRow, report: &Report) -> Result<Step, Fault> {
    let Event::ErrorReported(result) = report.event else { return Err(codes::internal_error()) };
    if row.error_reported_at.is_some() {
        let repeated = row.result == result.result() && row.reason == report.change.reason;
        return if repeated { Ok(Step::Repeated) } else { Err(codes::error_already_reported()) };
    }
    if row.tx_hash.is_some() {
        return Err(codes::error_after_tx());
    }
    if row.result == VerificationResult::Verified {
        Ok(Step::Changes)
    } else {
        Err(codes::verification_not_verified())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use waybill_jobs::Command;

    use super::*;
    use crate::testing::{Api, ROBOT};

    const PATH: &str = "/v1/verifications/error";

    fn cancelled(uuid: &str) -> Value {
        json!({
            "result": "ERROR", "reason": "USER-CANCELED", "message": "Taylor Robbins changed their mind",
            "verificationUuid": uuid
        })
    }

    #[tokio::test]
    async fn the_error_is_stored_sealed_and_its_command_added_at_once() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        let answer = api.post(PATH, &cancelled(&uuid)).await;
        assert_eq!((answer.status, answer.text()), (200, r#"{"result":true}"#));
        let record = api.get(&format!("/v1/verifications/{uuid}")).await.json();
        assert_eq!(record["result"], "ERROR");
        assert_eq!(record["reason"], "USER-CANCELED");
        assert_eq!(record["message"], "Taylor Robbins changed their mind");
        assert!(!api.row(&uuid).await.message_sealed.unwrap().contains("Robbins"));
        let commands = api.commands(ReportError::KIND).await;
        assert_eq!(commands.len(), 1);
        assert_eq!(commands[0].body, format!(r#"{{"verificationUuid":"{uuid}"}}"#));
        assert_eq!(api.audited().await[0], ("ERROR-REPORTED".to_owned(), Some(uuid)));
    }

    #[tokio::test]
    async fn a_message_may_be_left_out_and_results_have_older_names() {
        let api = Api::start().await;
        for (given, stored) in
            [("DENIED", "DENIED"), ("UNKNOWN", "DENIED"), ("PENDING", "ERROR"), ("TRANSFER_ERROR", "ERROR")]
        {
            let uuid = api.verified().await;
            let body = json!({"result": given, "reason": "OK", "message": "", "verificationUuid": uuid});
            assert_eq!(api.post(PATH, &body).await.status, 200, "{given}");
            let record = api.get(&format!("/v1/verifications/{uuid}")).await.json();
            assert_eq!((&record["result"], &record["message"]), (&json!(stored), &Value::Null), "{given}");
        }
    }

    #[tokio::test]
    async fn the_same_report_again_adds_nothing_and_another_is_refused() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        for _ in 0..3 {
            assert_eq!(api.post(PATH, &cancelled(&uuid)).await.status, 200);
        }
        for (field, value) in [("result", "DENIED"), ("reason", "NOT-ALLOWED")] {
            let mut other = cancelled(&uuid);
            other[field] = value.into();
            api.post(PATH, &other).await.refuses(409, "ERROR-ALREADY-REPORTED");
        }
        assert_eq!(api.commands(ReportError::KIND).await.len(), 1);
    }

    #[tokio::test]
    async fn error_and_transaction_exclude_each_other() {
        let api = Api::start().await;
        let (sent, failed) = (api.verified().await, api.verified().await);
        let hash = |uuid: &str| json!({"verificationUuid": uuid, "txHash": "abc"});
        assert_eq!(api.post("/v1/verifications/tx", &hash(&sent)).await.status, 200);
        api.post(PATH, &cancelled(&sent)).await.refuses(409, "ERROR-AFTER-TX");
        assert_eq!(api.post(PATH, &cancelled(&failed)).await.status, 200);
        api.post("/v1/verifications/tx", &hash(&failed)).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    }

    #[tokio::test]
    async fn only_a_verified_verification_takes_an_error() {
        let api = Api::start().await;
        for uuid in [api.verification().await, api.denied("no").await] {
            api.post(PATH, &cancelled(&uuid)).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
        }
        let received = api.received_from(ROBOT).await;
        api.post(PATH, &cancelled(&received)).await.refuses(403, "NOT-ORIGINATOR");
        assert!(api.commands(ReportError::KIND).await.is_empty());
    }

    #[tokio::test]
    async fn every_field_is_checked() {
        let api = Api::start().await;
        let good = cancelled(&api.verified().await);
        for (field, value, code) in [
            ("result", Value::Null, "MISSING-RESULT"),
            ("result", json!("VERIFIED"), "INVALID-RESULT"),
            ("result", json!("WAIT"), "INVALID-RESULT"),
            ("result", json!(true), "INVALID-RESULT"),
            ("reason", Value::Null, "MISSING-REASON"),
            ("reason", json!(""), "INVALID-REASON"),
            ("reason", json!("R".repeat(257)), "INVALID-REASON"),
            ("reason", json!(1), "INVALID-REASON"),
            ("message", json!(1), "INVALID-MESSAGE"),
            ("message", json!("m".repeat(1025)), "INVALID-MESSAGE"),
            ("verificationUuid", Value::Null, "MISSING-VERIFICATION-UUID"),
            ("verificationUuid", json!("x"), "INVALID-VERIFICATION-UUID"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            api.post(PATH, &body).await.refuses(400, code);
        }
        let unknown = cancelled("8d729bf4-38db-471d-b052-896f8660916a");
        api.post(PATH, &unknown).await.refuses(404, "VERIFICATION-NOT-FOUND");
        assert_eq!(api.post(PATH, &good).await.status, 200);
    }
}

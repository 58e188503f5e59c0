//! `POST /v1/verifications/tx`: the originator reports the transaction.

mod describe;

use axum::Json;
use axum::extract::{Extension, State};
use waybill_domain::{Event, Fault, VerificationResult, VerificationUuid, codes, limits};
use waybill_jobs::ReportTransaction;
use waybill_store::tables::verifications::{Change, VerificationRow};

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
    let uuid: VerificationUuid = body.parsed("verificationUuid")?;
    let tx_hash = tx_hash(body)?;
    let vout = body.optional_text("vout", limits::VOUT)?.map(str::to_owned);
    let change =
        Change { transaction: Some((tx_hash, vout)), ordered_at: Some(ctx.clock.now()), ..Change::default() };
    let report = Report { uuid, event: Event::TransactionReported, change, judge };
    report::take(ctx, &caller, report, &ReportTransaction { verification_uuid: uuid }, "TX-REPORTED").await
}

/// Kept exactly as the chain's node prints it.
fn tx_hash(body: Fields<'_>) -> Result<String, Fault> {
    let text = body.text("txHash", limits::TX_HASH)?;
    if text.chars().any(char::is_whitespace) { Err(Fault::invalid("txHash")) } else { Ok(text.to_owned()) }
}

fn judge(row: &VerificationRow, report: &Report) -> Result<Step, Fault> {
    if row.result != VerificationResult::Verified {
        return Err(codes::verification_not_verified());
    }
    let Some(stored) = &row.tx_hash else { return Ok(Step::Changes) };
    let repeated =
        report.change.transaction.as_ref().is_some_and(|(hash, vout)| hash == stored && *vout == row.vout);
    if repeated { Ok(Step::Repeated) } else { Err(codes::tx_already_reported()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use waybill_jobs::{Command, ScreenAddress, ScreenTransfer};

    use super::*;
    use crate::testing::{Api, OURS, ROBOT};

    const PATH: &str = "/v1/verifications/tx";

    async fn report(api: &Api, uuid: &str, more: Value) -> crate::testing::Answer {
        let mut body = json!({ "verificationUuid": uuid });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        api.post(PATH, &body).await
    }

    #[tokio::test]
    async fn the_hash_is_stored_and_its_command_added_at_once() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        api.clock.advance(Duration::from_millis(7));
        let answer = report(&api, &uuid, json!({"txHash": "0xAbC", "vout": "0"})).await;
        assert_eq!((answer.status, answer.text()), (200, r#"{"result":true}"#));
        let record = api.get(&format!("/v1/verifications/{uuid}")).await.json();
        assert_eq!(record["txHash"], "0xAbC");
        assert_eq!(record["vout"], "0");
        assert_eq!(record["result"], "VERIFIED");
        assert_eq!(record["orderedAt"], "2026-01-02T03:04:05.007Z");
        let commands = api.commands(ReportTransaction::KIND).await;
        assert_eq!(commands.len(), 1);
        assert_eq!(commands[0].body, format!(r#"{{"verificationUuid":"{uuid}"}}"#));
        assert_eq!(api.audited().await[0], ("TX-REPORTED".to_owned(), Some(uuid)));
    }

    #[tokio::test]
    async fn what_the_settings_say_is_screened_when_it_is_accepted_and_reported_each_once() {
        let rules = ["chainalysis-sanction:created".to_owned(), "chainalysis-kyt:reported".to_owned()];
        let api = Api::with(|settings| settings.screening.outgoing = rules.to_vec()).await;
        let uuid = api.verified().await;
        let body = format!(r#"{{"verificationUuid":"{uuid}","role":"ORIGINATOR"}}"#);
        let bodies = async |kind| -> Vec<String> {
            api.commands(kind).await.into_iter().map(|command| command.body).collect()
        };
        assert_eq!(bodies(ScreenAddress::KIND).await, std::slice::from_ref(&body));
        assert!(bodies(ScreenTransfer::KIND).await.is_empty());
        for _ in 0..2 {
            assert_eq!(report(&api, &uuid, json!({"txHash": "abc"})).await.status, 200);
        }
        assert_eq!(bodies(ScreenTransfer::KIND).await, [body]);
        assert_eq!(bodies(ScreenAddress::KIND).await.len(), 1);
    }

    #[tokio::test]
    async fn the_same_report_again_adds_nothing() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        for _ in 0..3 {
            assert_eq!(report(&api, &uuid, json!({"txHash": "abc", "vout": "1"})).await.status, 200);
        }
        assert_eq!(api.commands(ReportTransaction::KIND).await.len(), 1);
    }

    #[tokio::test]
    async fn a_report_that_was_given_up_is_sent_when_it_comes_again() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        let again = async || report(&api, &uuid, json!({"txHash": "abc"})).await.status;
        assert_eq!(again().await, 200);
        api.give_up(ReportTransaction::KIND).await;
        assert_eq!(again().await, 200);
        assert_eq!(api.commands(ReportTransaction::KIND).await.len(), 2);
        assert_eq!(again().await, 200);
        assert_eq!(api.commands(ReportTransaction::KIND).await.len(), 2, "the second one is under way");
    }

    #[tokio::test]
    async fn another_hash_or_output_is_refused() {
        let api = Api::start().await;
        let uuid = api.verified().await;
        assert_eq!(report(&api, &uuid, json!({"txHash": "abc", "vout": ""})).await.status, 200);
        assert_eq!(
            report(&api, &uuid, json!({"txHash": "abc"})).await.status,
            200,
            "an empty output is none"
        );
        for other in
            [json!({"txHash": "abd"}), json!({"txHash": "ABC"}), json!({"txHash": "abc", "vout": "1"})]
        {
            report(&api, &uuid, other).await.refuses(409, "TX-ALREADY-REPORTED");
        }
    }

    #[tokio::test]
    async fn one_transaction_serves_many_verifications() {
        let api = Api::start().await;
        let (first, second) = (api.verified().await, api.verified().await);
        for (uuid, vout) in [(&first, "0"), (&second, "1")] {
            assert_eq!(report(&api, uuid, json!({"txHash": "abc", "vout": vout})).await.status, 200);
        }
        let found = api.get("/v1/verifications?txHash=0xABC").await.json();
        assert_eq!(found["count"], 2);
    }

    #[tokio::test]
    async fn only_a_verified_verification_takes_a_transaction() {
        let api = Api::start().await;
        let hash = json!({"txHash": "abc"});
        for uuid in [api.verification().await, api.denied("no").await] {
            report(&api, &uuid, hash.clone()).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
        }
        assert!(api.commands(ReportTransaction::KIND).await.is_empty());
    }

    #[tokio::test]
    async fn only_the_originator_reports() {
        let api = Api::start().await;
        let received = api.received_from(ROBOT).await;
        report(&api, &received, json!({"txHash": "abc"})).await.refuses(403, "NOT-ORIGINATOR");
        let own = api.received_from(OURS).await;
        report(&api, &own, json!({"txHash": "abc"})).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
        api.answer_verified(&own).await;
        assert_eq!(report(&api, &own, json!({"txHash": "abc"})).await.status, 200, "both sides are ours");
    }

    #[tokio::test]
    async fn every_field_is_checked() {
        let api = Api::start().await;
        let good = json!({"verificationUuid": api.verified().await, "txHash": "abc", "vout": "1"});
        let long = "a".repeat(129);
        for (field, value, code) in [
            ("verificationUuid", Value::Null, "MISSING-VERIFICATION-UUID"),
            ("verificationUuid", json!("x"), "INVALID-VERIFICATION-UUID"),
            ("verificationUuid", json!(1), "INVALID-VERIFICATION-UUID"),
            ("txHash", Value::Null, "MISSING-TX-HASH"),
            ("txHash", json!(""), "INVALID-TX-HASH"),
            ("txHash", json!("a b"), "INVALID-TX-HASH"),
            ("txHash", json!("a\u{a0}b"), "INVALID-TX-HASH"),
            ("txHash", json!("a\u{0}b"), "INVALID-TX-HASH"),
            ("txHash", json!(long), "INVALID-TX-HASH"),
            ("txHash", json!(["abc"]), "INVALID-TX-HASH"),
            ("vout", json!(1), "INVALID-VOUT"),
            ("vout", json!(long), "INVALID-VOUT"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            api.post(PATH, &body).await.refuses(400, code);
        }
        let unknown = "8d729bf4-38db-471d-b052-896f8660916a";
        report(&api, unknown, json!({"txHash": "abc"})).await.refuses(404, "VERIFICATION-NOT-FOUND");
        assert!(api.commands(ReportTransaction::KIND).await.is_empty());
        assert_eq!(api.post(PATH, &good).await.status, 200);
    }
}

//! `POST /v1/verifications/tx/inquiry`: the beneficiary asks how far the transaction has come. Answered at once.

mod describe;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use waybill_domain::{Role, TransactionStatus, VerificationUuid, codes};
use waybill_jobs::InquireTransaction;
use waybill_store::tables::verifications;

use crate::ingress::SharedIngress;
use crate::reading::{Fields, JsonBody};
use crate::refused::Refused;

pub(crate) use describe::operation;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    verification_uuid: VerificationUuid,
    transaction_status: TransactionStatus,
    /// Empty when there is none yet, as the interface has it.
    tx_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vout: Option<String>,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    body: JsonBody,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let uuid: VerificationUuid = Fields::of_body(&body.value)?.parsed("verificationUuid")?;
    let found =
        ctx.store.read("find_inquired", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid))).await?;
    let row = found.ok_or_else(|| codes::verification_not_found(uuid))?;
    if !row.is(ctx.own_id, Role::Beneficiary) {
        return Err(codes::not_beneficiary().into());
    }
    let question = InquireTransaction { verification_uuid: uuid };
    let answered = ctx.bus.ask(&question, ctx.settings.ingress.inquiry_timeout).await?;
    Ok(Json(Answer {
        verification_uuid: uuid,
        transaction_status: answered.transaction_status,
        tx_hash: answered.tx_hash.unwrap_or_default(),
        vout: answered.vout,
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use async_trait::async_trait;
    use serde_json::json;
    use waybill_bus::RequestHandler;
    use waybill_domain::Fault;
    use waybill_jobs::TransactionAnswer;

    use super::*;
    use crate::testing::{Api, OURS, ROBOT};

    struct Originator(Mutex<Option<Result<TransactionAnswer, Fault>>>);

    impl Originator {
        fn says(answer: Result<TransactionAnswer, Fault>) -> Self {
            Self(Mutex::new(Some(answer)))
        }
    }

    #[async_trait]
    impl RequestHandler<InquireTransaction> for Originator {
        async fn answer(&self, _: InquireTransaction) -> Result<TransactionAnswer, Fault> {
            let answer = self.0.lock().unwrap().take();
            match answer {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        }
    }

    const PATH: &str = "/v1/verifications/tx/inquiry";

    #[tokio::test]
    async fn the_originators_answer_is_passed_on() {
        let api = Api::start().await;
        let uuid = api.received_from(ROBOT).await;
        let status = TransactionStatus::WaitConfirm;
        let told = TransactionAnswer {
            transaction_status: status,
            tx_hash: Some("0xabc".to_owned()),
            vout: Some("1".to_owned()),
        };
        api.ctx.bus.serve(Originator::says(Ok(told)), 1);
        let answer = api.post(PATH, &json!({ "verificationUuid": uuid })).await;
        assert_eq!(
            answer.json(),
            json!({"verificationUuid": uuid, "transactionStatus": "WAIT-CONFIRM", "txHash": "0xabc", "vout": "1"})
        );
        let told =
            TransactionAnswer { transaction_status: TransactionStatus::Pending, tx_hash: None, vout: None };
        api.ctx.bus.serve(Originator::says(Ok(told)), 1);
        let answer = api.post(PATH, &json!({ "verificationUuid": uuid })).await;
        assert_eq!(
            answer.json(),
            json!({"verificationUuid": uuid, "transactionStatus": "PENDING", "txHash": ""})
        );
    }

    #[tokio::test]
    async fn a_vasp_may_inquire_of_itself() {
        let api = Api::start().await;
        let uuid = api.received_from(OURS).await;
        let told =
            TransactionAnswer { transaction_status: TransactionStatus::Canceled, tx_hash: None, vout: None };
        api.ctx.bus.serve(Originator::says(Ok(told)), 1);
        let answer = api.post(PATH, &json!({ "verificationUuid": uuid })).await;
        assert_eq!(answer.json()["transactionStatus"], "CANCELED");
    }

    #[tokio::test]
    async fn refusals_are_passed_on() {
        let api = Api::start().await;
        let body = json!({ "verificationUuid": api.received_from(ROBOT).await });
        api.post(PATH, &body).await.refuses(503, "SERVICE-UNAVAILABLE");
        api.ctx.bus.serve(Originator::says(Err(codes::counterparty_unavailable().retry_after(9))), 1);
        let answer = api.post(PATH, &body).await;
        answer.refuses(503, "COUNTERPARTY-UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), Some("9"));
    }

    #[tokio::test]
    async fn an_originator_that_hangs_is_given_up() {
        let api = Api::with(|settings| settings.ingress.inquiry_timeout = Duration::from_millis(20)).await;
        let body = json!({ "verificationUuid": api.received_from(ROBOT).await });
        api.ctx.bus.serve(Originator(Mutex::default()), 1);
        api.post(PATH, &body).await.refuses(408, "REQUEST-TIMEOUT");
    }

    #[tokio::test]
    async fn only_the_beneficiary_inquires() {
        let api = Api::start().await;
        let uuid = api.verification().await;
        api.post(PATH, &json!({ "verificationUuid": uuid })).await.refuses(403, "NOT-BENEFICIARY");
    }

    #[tokio::test]
    async fn the_uuid_is_checked() {
        let api = Api::start().await;
        api.post(PATH, &json!({})).await.refuses(400, "MISSING-VERIFICATION-UUID");
        for bad in [json!(1), json!(""), json!("x")] {
            let answer = api.post(PATH, &json!({ "verificationUuid": bad })).await;
            answer.refuses(400, "INVALID-VERIFICATION-UUID");
        }
        let unknown = json!({"verificationUuid": "8d729bf4-38db-471d-b052-896f8660916a"});
        api.post(PATH, &unknown).await.refuses(404, "VERIFICATION-NOT-FOUND");
    }
}

//! `GET /v1/verifications/{uuid}`: one verification.

mod describe;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use waybill_domain::{Fault, VerificationUuid, codes};
use waybill_store::tables::verifications;

use crate::callers::Caller;
use crate::ingress::SharedIngress;
use crate::refused::Refused;
use crate::render::Record;

pub(crate) use describe::operation;

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Record>, Refused> {
    let ctx = &ingress.ctx;
    let uuid: VerificationUuid = path
        .ok()
        .and_then(|Path(text)| text.parse().ok())
        .ok_or_else(|| Fault::invalid("verificationUuid"))?;
    let found = ctx
        .store
        .read("find_verification", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)))
        .await?;
    let row = found.ok_or_else(|| codes::verification_not_found(uuid))?;
    Ok(Json(Record::of(row, &ctx.vault, caller.sees_personal_data())?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Api, ROBOT};

    #[tokio::test]
    async fn a_record_has_every_field_of_the_interface() {
        let api = Api::start().await;
        let uuid = api.verification().await;
        let answer = api.get(&format!("/v1/verifications/{uuid}")).await;
        assert_eq!(answer.status, 200);
        let mut record = answer.json();
        let texts =
            ["ivms101Originator", "ivms101OriginatingVasp", "ivms101Beneficiary", "ivms101BeneficiaryVasp"]
                .map(|field| record[field].take());
        let asked = crate::testing::verification();
        assert_eq!(
            record,
            json!({
                "verificationId": 1, "verificationUuid": uuid, "result": "WAIT", "reason": null, "message": null,
                "assetInfo": asked["assetInfo"], "txHash": null, "vout": null,
                "originatingVaspId": "15952089931162059995",
                "originatorAccountNumber": asked["payload"]["ivms101"]["originator"]["accountNumber"][0],
                "ivms101Originator": null, "ivms101OriginatingVasp": null,
                "beneficiaryVaspId": ROBOT,
                "beneficiaryAccountNumber": asked["payload"]["ivms101"]["beneficiary"]["accountNumber"][0],
                "ivms101Beneficiary": null, "ivms101BeneficiaryVasp": null,
                "verifiedAt": null, "orderedAt": null, "createdAt": "2026-01-02T03:04:05.000Z"
            })
        );
        let parsed = texts.map(|text| serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap());
        assert_eq!(parsed[0], asked["payload"]["ivms101"]["originator"]);
        assert_eq!(
            parsed[1]["originatingVASP"]["legalPerson"]["name"]["nameIdentifier"][0]["legalPersonName"],
            "Our VASP Ltd"
        );
        assert_eq!(parsed[2], asked["payload"]["ivms101"]["beneficiary"]);
        assert_eq!(
            parsed[3]["beneficiaryVASP"]["legalPerson"]["name"]["nameIdentifier"][0]["legalPersonName"],
            "Robot VASP Ltd"
        );
    }

    #[tokio::test]
    async fn personal_data_takes_a_scope_of_its_own() {
        let api = Api::start().await;
        let uuid = api.denied("the customer Taylor Robbins left").await;
        let path = format!("/v1/verifications/{uuid}");
        let whole = api.get(&path).await.json();
        assert_eq!(whole["message"], "the customer Taylor Robbins left");
        let key = api.make_key("verifications:read").await;
        let answer = api.get_as(&key, &path).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains("Robbins"), "{}", answer.text());
        let record = answer.json();
        for field in [
            "message",
            "ivms101Originator",
            "ivms101OriginatingVasp",
            "ivms101Beneficiary",
            "ivms101BeneficiaryVasp",
        ] {
            assert_eq!(record.get(field), Some(&Value::Null), "{field}");
        }
        assert_eq!(record["reason"], whole["reason"]);
        let key = api.make_key("verifications:read,personal-data:read").await;
        assert_eq!(api.get_as(&key, &path).await.json(), whole);
    }

    #[tokio::test]
    async fn what_is_unknown_or_no_uuid_is_refused() {
        let api = Api::start().await;
        let unknown = "8d729bf4-38db-471d-b052-896f8660916a";
        let answer = api.get(&format!("/v1/verifications/{unknown}")).await;
        answer.refuses(404, "VERIFICATION-NOT-FOUND");
        assert_eq!(answer.json()["message"], format!("Verification({unknown}) is not found"));
        for bad in ["x", "8d729bf438db471db052896f8660916a", "%FF", "%20"] {
            api.get(&format!("/v1/verifications/{bad}")).await.refuses(400, "INVALID-VERIFICATION-UUID");
        }
    }
}

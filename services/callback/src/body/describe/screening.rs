//! The description of the callbacks about risk assessments.

use serde_json::{Value, json};
use waybill_jobs::CallbackType;
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Field, Operation, Schema, Tag, Webhook, field, optional};

use super::webhook;

pub(super) fn sanction_result() -> Webhook {
    let operation = Operation::new("sanctionScreened", Tag::Callbacks, "An address was looked up automatically")
        .about(
            "What the sanctions lists say, where `screening.outgoing` or `screening.incoming` asked for it. A look-up by \
             `POST /v1/risk-assessment/chainalysis-sanction` is answered at once and not called back. `ERROR`: nothing is known.",
        );
    about_assessment(
        CallbackType::ChainalysisSanctionResult,
        operation,
        [field("chainalysisSanction", types::chainalysis_sanction())],
        json!({ "chainalysisSanction": types::example_sanction() }),
    )
}

pub(super) fn kyt_result() -> Webhook {
    let operation = Operation::new("kytAssessed", Tag::Callbacks, "A KYT result is there").about(
        "The result of Chainalysis KYT with its alerts, or `ERROR`: it ended without one, which never means that nothing is against \
         the transfer. It comes again, under another `webhook-id`, when later alerts are found.",
    );
    about_assessment(
        CallbackType::ChainalysisKytResult,
        operation,
        [
            field("chainalysisKYT", types::chainalysis_kyt()),
            optional("chainalysisKYTAlerts", types::chainalysis_kyt_alerts()),
        ],
        json!({ "chainalysisKYT": types::example_kyt(), "chainalysisKYTAlerts": [types::example_kyt_alert()] }),
    )
}

pub(super) fn wco_result() -> Webhook {
    let operation = Operation::new("personsScreened", Tag::Callbacks, "A World-Check result is there").about(
        "Over all persons, the case with the strongest match, or `ERROR`: it ended without a result. \
         `GET /v1/risk-assessment/{requestId}` has each person's case.",
    );
    about_assessment(
        CallbackType::RefinitivWcoResult,
        operation,
        [field("refinitivWorldCheckOne", types::refinitiv_world_check_one())],
        json!({ "refinitivWorldCheckOne": types::example_wco() }),
    )
}

fn about_assessment(
    kind: CallbackType,
    operation: Operation,
    vendor: impl IntoIterator<Item = Field>,
    example: Value,
) -> Webhook {
    let data = vec![
        field("verificationUuid", types::uuid()),
        field("riskAssessment", Schema::object(vendor).about("What the vendor says.")),
    ];
    let example = json!({ "verificationUuid": EXAMPLE_UUID, "riskAssessment": example });
    webhook(kind, operation, data, example)
}

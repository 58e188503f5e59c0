//! The description of a risk assessment.

use serde_json::{Value, json};
use waybill_domain::{SanctionStatus, ScreeningOrigin, ScreeningStatus, ScreeningVendor};
use waybill_openapi::types::{self, EXAMPLE_ADDRESS, EXAMPLE_OWN_ID, EXAMPLE_REQUEST, EXAMPLE_UUID};
use waybill_openapi::{Schema, field, optional};
use waybill_store::tables::wco_cases::EntityType;

use super::Entry;

/// Every word that any vendor's `status` can be.
pub(in crate::endpoints::risk_assessment) fn statuses() -> Vec<&'static str> {
    let mut all: Vec<_> = SanctionStatus::ALL.iter().map(|status| status.as_str()).collect();
    all.extend(ScreeningStatus::ALL.iter().map(|status| status.as_str()));
    all.sort_unstable();
    all.dedup();
    all
}

pub(in crate::endpoints::risk_assessment) fn vendor() -> Schema {
    Schema::choice(ScreeningVendor::ALL.iter().map(|vendor| vendor.as_str()))
        .about("Who was asked.")
        .example("chainalysis-kyt")
}

impl Entry {
    pub(in crate::endpoints::risk_assessment) fn schema() -> Schema {
        let status = Schema::choice(statuses()).about(
            "Of `chainalysis-sanction`: `NOHIT`, `SANCTION`, `ERROR`, `CLOSED`. Of the others: `REGISTERED`, `CHECKING`, `PROCESSED`, \
             `ERROR`. `ERROR` never means that nothing is against the transfer.",
        );
        let origin = Schema::choice(ScreeningOrigin::ALL.iter().map(|origin| origin.as_str()))
            .about("`API`: the backend asked. `AUTOMATIC`: the settings did.");
        let text =
            |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
        Schema::object([
            field("requestId", types::request_id()),
            field("verificationUuid", types::uuid()),
            field("vendor", vendor()),
            field("status", status.example("PROCESSED")),
            field("reason", types::screening_reason().nullable()),
            field("direction", types::direction()),
            field("counterpartyVaspId", types::vasp_id()),
            field(
                "address",
                text(
                    "The address that was asked about, as the verification has it; `null` for World-Check.",
                    EXAMPLE_ADDRESS,
                )
                .nullable(),
            ),
            field("origin", origin.example("API")),
            field(
                "keyId",
                text("Names the vendor's key that was used; tells nothing of it.", "5e884898").nullable(),
            ),
            field(
                "sharesRequest",
                types::request_id()
                    .about("The risk assessment whose answer of the vendor this one uses too.")
                    .nullable(),
            ),
            field("createdAt", types::written_time().about("When it was asked for.")),
            field("registeredAt", types::written_time().about("When the vendor took it on.").nullable()),
            field("assessedAt", types::written_time().about("When the vendor had the result.").nullable()),
            field("riskAssessment", risk_assessment()),
        ])
        .about("A risk assessment.")
        .named("RiskAssessment")
    }

    pub(in crate::endpoints::risk_assessment) fn example() -> Value {
        json!({
            "requestId": EXAMPLE_REQUEST, "verificationUuid": EXAMPLE_UUID, "vendor": "chainalysis-kyt",
            "status": "PROCESSED", "reason": null, "direction": "OUTGOING", "counterpartyVaspId": EXAMPLE_OWN_ID,
            "address": "0xbb3fd383d1c5540e52ef0a7bcb9433375793aeaf", "origin": "API", "keyId": "5e884898",
            "sharesRequest": null, "createdAt": "2023-05-18T12:39:46.000Z", "registeredAt": "2023-05-18T12:39:46.210Z",
            "assessedAt": "2023-05-18T12:39:45.263Z",
            "riskAssessment": {
                "chainalysisKYT": types::example_kyt(), "chainalysisKYTAlerts": [types::example_kyt_alert()]
            }
        })
    }
}

fn risk_assessment() -> Schema {
    Schema::object([
        optional("chainalysisSanction", types::chainalysis_sanction()),
        optional("chainalysisKYT", types::chainalysis_kyt()),
        optional("chainalysisKYTAlerts", types::chainalysis_kyt_alerts()),
        optional("refinitivWorldCheckOne", types::refinitiv_world_check_one()),
        optional(
            "refinitivWorldCheckOneCases",
            Schema::list(case()).about("With `refinitivWorldCheckOne`: a case for each person."),
        ),
    ])
    .about("What the vendor says, in the words of the callbacks.")
}

fn case() -> Schema {
    let text =
        |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
    let secondary = Schema::object([
        field("typeId", text("Which detail it is, in the vendor's words.", "SFCT_2")),
        optional("value", text("A text.", "GBR")),
        optional("dateTimeValue", text("A date.", "1984-09-30")),
    ]);
    let asked = Schema::object([
        field("name", text("The name that was asked about.", "Taylor Robbins")),
        field("secondaryFields", Schema::list(secondary).about("Date of birth, countries and the like.")),
    ]);
    let kind = Schema::choice(EntityType::ALL.iter().map(|kind| kind.as_str()))
        .about("What kind of person it is about.");
    let matches =
        Schema::number(0, u32::MAX).about("How many entries match; `null` while there is no result.");
    Schema::object([
        field(
            "caseId",
            text("Our name for the case.", "69a310e6-810f-4a31-83d1-bcdafccf5304-INCOMING-1684413585000"),
        ),
        field("caseSystemId", types::case_system_id()),
        field("entityType", kind.example("INDIVIDUAL")),
        field(
            "asked",
            asked
                .about("What the vendor was asked. Personal data.")
                .example(json!({ "name": "Taylor Robbins", "secondaryFields": [] }))
                .nullable(),
        ),
        field("status", types::screening_status()),
        field("reason", types::screening_reason().nullable()),
        field("matchStrength", types::match_strength()),
        field("totalMatches", matches.example(1).nullable()),
        field("aggregatedSummaryResult", types::aggregated_summary()),
        field(
            "sharesCase",
            text(
                "The case whose answer of the vendor this one uses too.",
                "69a310e6-810f-4a31-83d1-bcdafccf5304-INCOMING-1684413580000",
            )
            .nullable(),
        ),
        field("createdAt", types::written_time().about("When it was stored.")),
        field("assessedAt", types::written_time().about("When the vendor had screened it.").nullable()),
    ])
    .about("One person's case at World-Check.")
    .named("WorldCheckCase")
}

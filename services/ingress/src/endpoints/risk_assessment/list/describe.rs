//! The description of the endpoint.

use serde_json::json;
use waybill_openapi::types::{self, EXAMPLE_COUNTERPARTY, EXAMPLE_UUID};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

use super::page;
use crate::endpoints::risk_assessment::entry::Entry;
use crate::endpoints::risk_assessment::entry::describe::{statuses, vendor};

const ID_OR_NOTHING: &str = "^(0|[1-9][0-9]{0,19})?$";

pub(crate) fn operation() -> Operation {
    let limit = Schema::number(1, page::MAX_LIMIT).with("default", page::DEFAULT_LIMIT);
    let uuid = Schema::of("string").about("Made for this verification.").example(EXAMPLE_UUID);
    Operation::new("listRiskAssessments", Tag::RiskAssessment, "All risk assessments")
        .about(
            "Newest first, of all vendors together, with alerts and cases. All filters hold together; one without a value counts as \
             absent. A page is not disturbed by what comes later. Without the scope `personal-data:read` what World-Check was asked and \
             what it says of persons is `null`.",
        )
        .query("verificationUuid", uuid)
        .query("vendor", vendor())
        .query("direction", types::direction())
        .query("status", Schema::choice(statuses()).about("Exactly this status.").example("PROCESSED"))
        .query("counterpartyVaspId", types::vasp_id().pattern(ID_OR_NOTHING).about("The other side.").example(EXAMPLE_COUNTERPARTY))
        .query("from", time("Asked for at this time or later."))
        .query("to", time("Asked for before this time."))
        .query("limit", limit.about("How many on a page.").example(10))
        .query("cursor", cursor().about("The `nextCursor` of the page before."))
        .answers(answer())
}

fn time(about: &'static str) -> Schema {
    // No `format`: an empty one counts as absent.
    Schema::of("string")
        .about(format!("{about} ISO 8601 with a time zone."))
        .example("2026-03-03T21:52:08.092Z")
}

fn cursor() -> Schema {
    Schema::of("string").example("MTc2NzMyMzA0NTAwMC4xLmV4YW1wbGU")
}

fn answer() -> Answer {
    let next = cursor().nullable().about("For the next page; `null` on the last one.");
    let schema = Schema::object([
        field("nextCursor", next),
        field("riskAssessments", Schema::list(Entry::schema()).about("At most `limit`.")),
    ])
    .named("RiskAssessmentPage");
    Answer::json("One page.", schema)
        .example("one", json!({ "nextCursor": null, "riskAssessments": [Entry::example()] }))
        .example("none", json!({ "nextCursor": null, "riskAssessments": [] }))
}

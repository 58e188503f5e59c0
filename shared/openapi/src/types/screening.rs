//! What the interface says of risk assessments.

use serde_json::{Value, json};
use waybill_domain::{
    AlertLevel, Direction, ExposureType, KytApiType, MatchStrength, SanctionStatus, ScreeningStatus,
};

use super::{EXAMPLE_ADDRESS, EXAMPLE_OWN_ID, network, symbol, uuid, vasp_id, written_time};
use crate::{Schema, field, optional};

/// The risk assessment of all examples.
pub const EXAMPLE_REQUEST: &str = "f7231c6f-f1e7-4ae7-b143-2c87cd38abe9";
const EXAMPLE_EXTERNAL: &str = "79382ac9-c7be-3fab-ad56-8c61c654e2fc";
const EXAMPLE_CASE: &str = "5jb7r2c9xjfk1hoc95gfayv6m";

/// The id of a risk assessment.
pub fn request_id() -> Schema {
    uuid().about("Id of the risk assessment; each has one of its own.").example(EXAMPLE_REQUEST)
}

/// Which way the assets go.
pub fn direction() -> Schema {
    Schema::choice(Direction::ALL.iter().map(|direction| direction.as_str()))
        .about("`OUTGOING`: a withdrawal, the beneficiary is assessed. `INCOMING`: a deposit, the originator is.")
        .example("OUTGOING")
}

/// How far a risk assessment has come that takes its time.
pub fn screening_status() -> Schema {
    Schema::choice(ScreeningStatus::ALL.iter().map(|status| status.as_str()))
        .about(
            "`REGISTERED`: the vendor is to be asked, or was. `CHECKING`: it had no result yet. `PROCESSED`: the result is there. \
             `ERROR`: it ended without a result, which never means that nothing is against it.",
        )
        .example("PROCESSED")
}

/// Why there is no result.
pub fn screening_reason() -> Schema {
    Schema::text(64).about("Why it is `ERROR`: a code.").example("VENDOR-UNAVAILABLE")
}

/// `chainalysisSanction`.
pub fn chainalysis_sanction() -> Schema {
    let status = Schema::choice(SanctionStatus::ALL.iter().map(|status| status.as_str())).about(
        "`NOHIT`: on no list. `SANCTION`: on one. `ERROR`: the vendor gave no answer that can be used; nothing is known. `CLOSED` is kept \
         for older records.",
    );
    let of_a_hit = |about: &'static str, max: usize, example: &'static str| {
        Schema::of("string").with("maxLength", max).about(about).example(example)
    };
    Schema::object([
        field("requestId", request_id()),
        field("counterpartyVaspId", vasp_id()),
        field("direction", direction()),
        field("address", address("The address that was looked up.")),
        field("status", status.example("NOHIT")),
        optional(
            "ofacName",
            of_a_hit("Of a hit: the name on the list.", 1024, "SANCTIONS: OFAC SDN Example 2021-04-15"),
        ),
        optional(
            "ofacDescription",
            of_a_hit("Of a hit: more about it.", 4096, "This address is on the list."),
        ),
        optional(
            "ofacUrl",
            of_a_hit("Of a hit: where to read about it.", 1024, "https://list.example/entry"),
        ),
        field("createdAt", written_time().about("When it was looked up.")),
        optional("reason", screening_reason()),
    ])
    .about("What the sanctions lists say of an address.")
    .named("ChainalysisSanction")
}

/// A `chainalysisSanction` without a hit.
pub fn example_sanction() -> Value {
    json!({
        "requestId": EXAMPLE_REQUEST, "counterpartyVaspId": EXAMPLE_OWN_ID, "direction": "OUTGOING",
        "address": EXAMPLE_ADDRESS, "status": "NOHIT", "createdAt": "2026-01-02T03:04:05.000Z"
    })
}

/// `chainalysisKYT`.
pub fn chainalysis_kyt() -> Schema {
    let api_type = Schema::choice(KytApiType::ALL.iter().map(|kind| kind.as_str()))
        .about("`ATTEMPT`: the address, before the transaction. `TRANSFER`: the transaction.");
    let text =
        |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
    let count =
        Schema::number(0, u32::MAX).about("How many alerts there are; `null` while there is no result.");
    Schema::object([
        field("requestId", request_id()),
        field("counterpartyVaspId", vasp_id()),
        field("apiType", api_type.example("ATTEMPT")),
        field("userId", text("Under which name the vendor files it: the counterparty's id.", EXAMPLE_OWN_ID)),
        field("direction", direction()),
        field(
            "network",
            network().about("As the vendor writes it, once it has.").example("ETHEREUM").nullable(),
        ),
        field("asset", symbol()),
        field("amount", text("Decimal text, in the asset's own unit.", "1")),
        optional("usdPrice", text("What it is worth in US dollars, decimal text.", "1820.17")),
        optional("transferRef", text("Of a `TRANSFER`: `hash:address` or `hash:output`.", "0x9f2c:0x58")),
        field("outputAddress", address("The address, as the vendor writes it.").nullable()),
        field(
            "timestamp",
            written_time()
                .about("When the transaction happened; of an `ATTEMPT`, when it was asked.")
                .nullable(),
        ),
        optional("externalId", text("The vendor's id; absent while it has given none.", EXAMPLE_EXTERNAL)),
        field("status", screening_status()),
        field("alertCount", count.example(1).nullable()),
        field("createdAt", written_time().about("When it was asked for.")),
        optional("assessedAt", written_time().about("When the vendor had the result.")),
        optional("reason", screening_reason()),
    ])
    .about("What Chainalysis KYT was asked, and says.")
    .named("ChainalysisKYT")
}

/// `chainalysisKYTAlerts`.
pub fn chainalysis_kyt_alerts() -> Schema {
    let text =
        |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
    let level = Schema::choice(AlertLevel::ALL.iter().map(|level| level.as_str()))
        .about("How bad it is, in ascending order.");
    let exposure = Schema::choice(ExposureType::ALL.iter().map(|kind| kind.as_str()))
        .about("`DIRECT`: in this transfer. `INDIRECT`: over others.");
    let alert = Schema::object([
        field("counterpartyVaspId", vasp_id()),
        field("externalId", text("The vendor's id of what was assessed.", EXAMPLE_EXTERNAL)),
        field("direction", direction()),
        field("alertId", text("The vendor's id of the alert.", "118b8cc8-f579-11ed-b86d-a3210c6ca9b8")),
        field("alertLevel", level.example("MEDIUM")),
        field("entityCategory", text("What kind of entity it is about.", "high risk exchange").nullable()),
        field("serviceName", text("Its name, where it is known.", "HIGH RISK EXCHANGE: Example").nullable()),
        field("exposureType", exposure.example("DIRECT")),
        field("alertAmount", text("US dollars, decimal text.", "1820.17")),
        field("createdAt", written_time().about("When it was first seen here.")),
    ])
    .about("An alert.")
    .named("ChainalysisKYTAlert");
    Schema::list(alert).about("Its alerts. Absent while there are none.")
}

/// A `chainalysisKYT` with one alert.
pub fn example_kyt() -> Value {
    json!({
        "requestId": EXAMPLE_REQUEST, "counterpartyVaspId": EXAMPLE_OWN_ID, "apiType": "ATTEMPT",
        "userId": EXAMPLE_OWN_ID, "direction": "OUTGOING", "network": "ETHEREUM", "asset": "ETH", "amount": "1",
        "usdPrice": "1820.17", "outputAddress": "bb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
        "timestamp": "2023-05-18T12:39:44.000Z", "externalId": EXAMPLE_EXTERNAL, "status": "PROCESSED", "alertCount": 1,
        "createdAt": "2023-05-18T12:39:46.000Z", "assessedAt": "2023-05-18T12:39:45.263Z"
    })
}

/// The alert of [`example_kyt`].
pub fn example_kyt_alert() -> Value {
    json!({
        "counterpartyVaspId": EXAMPLE_OWN_ID, "externalId": EXAMPLE_EXTERNAL, "direction": "OUTGOING",
        "alertId": "118b8cc8-f579-11ed-b86d-a3210c6ca9b8", "alertLevel": "MEDIUM", "entityCategory": "high risk exchange",
        "serviceName": "HIGH RISK EXCHANGE: Example", "exposureType": "DIRECT", "alertAmount": "1820.17",
        "createdAt": "2023-05-18T12:39:52.461Z"
    })
}

/// How well a person fits an entry.
pub fn match_strength() -> Schema {
    Schema::choice(MatchStrength::ALL.iter().map(|strength| strength.as_str()))
        .about("The strongest match, in ascending order; `null` without a match and without a result.")
        .example("EXACT")
        .nullable()
}

/// The vendor's case.
pub fn case_system_id() -> Schema {
    Schema::of("string")
        .about("The vendor's id of the case; `null` while it has given none.")
        .example(EXAMPLE_CASE)
        .nullable()
}

/// What the vendor says of a case.
pub fn aggregated_summary() -> Schema {
    Schema::of("string")
        .with("contentMediaType", "application/json")
        .about("The vendor's summary of the case: JSON encoded as a string, 4096 characters at most. Personal data.")
        .nullable()
}

/// `refinitivWorldCheckOne`.
pub fn refinitiv_world_check_one() -> Schema {
    Schema::object([
        field("requestId", request_id()),
        field("counterpartyVaspId", vasp_id()),
        field("direction", direction()),
        field("caseSystemId", case_system_id()),
        field("status", screening_status()),
        field("matchStrength", match_strength()),
        field("aggregatedSummaryResult", aggregated_summary()),
        field("createdAt", written_time().about("When it was asked for.")),
        optional("assessedAt", written_time().about("When the vendor had screened all persons.")),
        optional("reason", screening_reason()),
    ])
    .about("What World-Check One says: over all persons, the case with the strongest match.")
    .named("RefinitivWorldCheckOne")
}

/// A `refinitivWorldCheckOne` with a match.
pub fn example_wco() -> Value {
    json!({
        "requestId": EXAMPLE_REQUEST, "counterpartyVaspId": EXAMPLE_OWN_ID, "direction": "INCOMING",
        "caseSystemId": EXAMPLE_CASE, "status": "PROCESSED", "matchStrength": "EXACT",
        "aggregatedSummaryResult": "{\"caseId\":\"69a310e6-810f-4a31-83d1-bcdafccf5304-INCOMING-1684413585000\"}",
        "createdAt": "2023-05-18T12:39:46.000Z", "assessedAt": "2023-05-18T12:39:55.120Z"
    })
}

fn address(about: &'static str) -> Schema {
    Schema::of("string").with("maxLength", 512).about(about).example(EXAMPLE_ADDRESS)
}

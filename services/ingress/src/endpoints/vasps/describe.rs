//! The description of the endpoint.

use serde_json::json;
use waybill_openapi::types::{self, EXAMPLE_COUNTERPARTY};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

pub(crate) fn operation() -> Operation {
    let protocol = Schema::choice(["ALL", "ALLIANCE", "CODE", "VERIFYVASP"])
        .with("default", "ALL")
        .about("Only members who speak this protocol. `VERIFYVASP` is the older word for `ALLIANCE`.")
        .example("ALLIANCE");
    let includes_all = Schema::of("boolean")
        .with("deprecated", true)
        .about("Older form: `true` stands for `ALL`, `false` for `ALLIANCE`. `protocol` goes first.")
        .example(true);
    let answer = Schema::object([field(
        "vasps",
        Schema::list(vasp()).about("Ourselves and inactive members included."),
    )]);
    Operation::new("listVasps", Tag::Vasps, "The members of the alliance")
        .about("Every member of the directory with which a transfer may be verified, for a list to choose from. A member that is `DOWN` may still be asked.")
        .query("protocol", protocol)
        .query("includesAll", includes_all)
        .answers(Answer::json("The members.", answer.named("Vasps")).example("one", json!({ "vasps": [example()] })))
}

fn vasp() -> Schema {
    let health = Schema::choice(["UP", "DOWN"])
        .about(
            "`DOWN` once the polls of its node failed several times in a row; `UP` while it was not polled.",
        )
        .example("UP");
    let text =
        |about: &'static str, example: &'static str| Schema::of("string").about(about).example(example);
    let country_code = text("ISO 3166-1 alpha-2.", "SG").nullable();
    let licensed =
        text("`Regulated`, `Unregulated`, or another word of the directory.", "Regulated").nullable();
    let status = text(
        "`VERIFIED-MEMBER`: member with a running node. `VERIFIED`: registered. `UNVERIFIED`. `INTEROPERATED`: reached over another protocol.",
        "VERIFIED-MEMBER",
    );
    Schema::object([
        field("health", health),
        field("vaspId", types::vasp_id()),
        field("vaspName", text("What people call it.", "Robot")),
        field("legalName", text("The name in its registry.", "Robot VASP Ltd").nullable()),
        field("jurisdiction", text("Under whose law it stands.", "Singapore").nullable()),
        field(
            "isAlliance",
            Schema::of("boolean").about("Whether it speaks the protocol of this alliance.").example(true),
        ),
        field("country", text("Where it is.", "Singapore").nullable()),
        field("countryCode", country_code),
        field(
            "protocol",
            text("`ALLIANCE`, or the protocol over which it is reached, such as `CODE`.", "ALLIANCE"),
        ),
        field("licensedStatus", licensed),
        field("vaspStatus", status),
        field("createdAt", types::written_time().about("When it joined.")),
        field("updatedAt", types::written_time().about("When its entry last changed.")),
    ])
    .about("A member of the alliance.")
    .named("Vasp")
}

fn example() -> serde_json::Value {
    json!({
        "health": "UP", "vaspId": EXAMPLE_COUNTERPARTY, "vaspName": "Robot", "legalName": "Robot VASP Ltd",
        "jurisdiction": "Singapore", "isAlliance": true, "country": "Singapore", "countryCode": "SG",
        "protocol": "ALLIANCE", "licensedStatus": "Regulated", "vaspStatus": "VERIFIED-MEMBER",
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"
    })
}

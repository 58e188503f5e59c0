//! The description of the endpoint.

use serde_json::json;
use waybill_domain::{VerificationResult, limits};
use waybill_openapi::types::{self, EXAMPLE_ADDRESS, EXAMPLE_COUNTERPARTY};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

use super::filter::ActionType;
use super::page;
use crate::render::Record;

const ID_OR_NOTHING: &str = "^(0|[1-9][0-9]{0,19})?$";
const DAY_OR_NOTHING: &str = "^([1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$";

pub(crate) fn operation() -> Operation {
    let result = Schema::choice(VerificationResult::ALL.iter().map(|result| result.as_str()))
        .about("How it stands. `UNKNOWN`, `PENDING` and `TRANSFER_ERROR` are found in old records only.");
    let action = Schema::choice(ActionType::ALL.iter().map(|action| action.as_str()))
        .about("`SEND`: we are the originator. `RECEIVE`: we are the beneficiary.");
    let older = |name| account(name).with("deprecated", true);
    Operation::new("listVerifications", Tag::Verifications, "All verifications")
        .about(
            "Newest first. All filters hold together; one without a value counts as absent. `cursor` walks down at the same speed \
             however far, and is not disturbed by new records; `page` is for people. Without the scope `personal-data:read` the \
             `message` and the four `ivms101…` values are `null`.",
        )
        .query("fromDate", day("The first day"))
        .query("toDate", day("The last day"))
        .query("symbol", exactly(limits::SYMBOL).about("Ticker, exactly.").example("ETH"))
        .query("network", exactly(limits::NETWORK).about("Blockchain, exactly.").example("Ethereum"))
        .query("txHash", exactly(limits::TX_HASH).about("Hash of the transaction, in any case, with or without `0x`.").example("0x9f2c"))
        .query("result", result.example("VERIFIED"))
        .query("actionType", action.example("SEND"))
        .query("oppositeVaspId", types::vasp_id().pattern(ID_OR_NOTHING).about("The other side.").example(EXAMPLE_COUNTERPARTY))
        .query("originatorAccountNumber", account("The originator's account, exactly."))
        .query("fromAccount", older("Older name of `originatorAccountNumber`."))
        .query("beneficiaryAccountNumber", account("The beneficiary's account, exactly."))
        .query("toAccount", older("Older name of `beneficiaryAccountNumber`."))
        .query("page", Schema::number(1, u32::MAX).with("default", 1).about("Number of the page. `page` × `rpp` stays below 2³².").example(1))
        .query("rpp", Schema::number(1, page::MAX_RPP).with("default", page::DEFAULT_RPP).about("Records per page.").example(10))
        .query("cursor", cursor().about("The `nextCursor` of the page before, in place of `page`."))
        .answers(answer())
}

fn day(which: &str) -> Schema {
    let about =
        format!("{which} on which they were created, in UTC, included: `YYYY-MM-DD`, years 1000 to 9999.");
    // No `format`: an empty one counts as absent.
    Schema::of("string").pattern(DAY_OR_NOTHING).about(about).example("2026-03-03")
}

/// A filter; empty it counts as absent.
fn exactly(max: usize) -> Schema {
    Schema::text(max).with("minLength", 0)
}

fn account(about: &'static str) -> Schema {
    exactly(limits::ACCOUNT_NUMBER).about(about).example(EXAMPLE_ADDRESS)
}

fn cursor() -> Schema {
    Schema::of("string").example("MTc2NzMyMzA0NTAwMC4xLmV4YW1wbGU")
}

fn answer() -> Answer {
    let count = Schema::number(0, u32::MAX).about("How many match, counted up to 10,000.").example(1);
    let exact = Schema::of("boolean").about("`false`: there are `count` or more.").example(true);
    let next = cursor().nullable().about("For the next page; `null` on the last one.");
    let schema = Schema::object([
        field("count", count),
        field("countIsExact", exact),
        field("page", Schema::number(1, u32::MAX).about("As asked.").example(1)),
        field("rpp", Schema::number(1, page::MAX_RPP).about("As asked.").example(10)),
        field("nextCursor", next),
        field("verifications", Schema::list(Record::schema()).about("At most `rpp`.")),
    ])
    .named("VerificationPage");
    let empty = json!({ "count": 0, "countIsExact": true, "page": 1, "rpp": 10, "nextCursor": null, "verifications": [] });
    let one = json!({
        "count": 1, "countIsExact": true, "page": 1, "rpp": 10, "nextCursor": null, "verifications": [Record::example()]
    });
    Answer::json("One page.", schema).example("one", one).example("none", empty)
}

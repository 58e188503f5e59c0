//! `GET /v2/transfers/{externalId}` and `GET /v2/withdrawal-attempts/{externalId}`

use serde::Serialize;

use super::record::{Record, Subject};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::decimal::Decimal;
use crate::vendors::ids;
use crate::vendors::magic::normalized;
use crate::vendors::mode::Mode;
use crate::vendors::times::Style;

/// All keys are always there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer<'a> {
    updated_at: Option<String>,
    asset: &'a str,
    asset_id: Option<&'a str>,
    network: &'a str,
    transfer_reference: &'a str,
    tx: Option<&'a str>,
    idx: Option<u32>,
    usd_amount: Option<Decimal>,
    asset_amount: Option<Decimal>,
    timestamp: Option<String>,
    output_address: Option<String>,
    external_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attempt<'a> {
    asset: &'a str,
    asset_id: Option<&'a str>,
    network: &'a str,
    address: String,
    attempt_identifier: &'a str,
    asset_amount: Option<Decimal>,
    usd_amount: Option<Decimal>,
    updated_at: Option<String>,
    external_id: String,
}

/// 200 with what is known by now.
pub(super) fn of(record: &Record, asked: &Asked) -> Answer {
    let assessment = record.assessment(asked.now);
    let is_done = assessment.is_some();
    let style = |usual| if asked.is_in(Mode::OddTimes) { Style::Elsewhere } else { usual };
    let external_id = match asked.is_in(Mode::OtherExternalId) {
        true => ids::name_based(&format!("{} of another", record.external_id)),
        false => record.external_id.clone(),
    };
    let as_sent = asked.parameter("formatType").is_some_and(|format| format.eq_ignore_ascii_case("display"));
    let written = |address: &str| if as_sent { address.to_owned() } else { normalized(address) };
    let (asset, asset_id) = (record.asset.as_str(), record.asset_id.as_deref());
    match &record.subject {
        Subject::Transfer { reference, tx, index, block_time } => {
            let updated_at = assessment.map(|done| style(Style::Bare).write(done.updated_at));
            let address = record.address.as_deref().filter(|_| is_done);
            Answer::json(
                200,
                &Transfer {
                    updated_at,
                    asset,
                    asset_id,
                    network: record.network,
                    transfer_reference: reference,
                    tx: is_done.then_some(tx),
                    idx: is_done.then_some(*index),
                    usd_amount: record.usd_amount().filter(|_| is_done),
                    asset_amount: record.asset_amount().filter(|_| is_done),
                    timestamp: is_done.then(|| style(Style::Offset).write(*block_time)),
                    output_address: address.map(written),
                    external_id,
                },
            )
        }
        Subject::Attempt { identifier } => Answer::json(
            200,
            &Attempt {
                asset,
                asset_id,
                network: record.network,
                address: written(record.address.as_deref().unwrap_or_default()),
                attempt_identifier: identifier,
                asset_amount: record.asset_amount(),
                usd_amount: record.usd_amount(),
                updated_at: assessment.map(|done| style(Style::Offset).write(done.updated_at)),
                external_id,
            },
        ),
    }
}

//! `POST /v2/users/{userId}/transfers` and `POST /v2/users/{userId}/withdrawal-attempts`

use chrono::Duration;

use super::record::{Record, Subject};
use super::request::{self, AttemptRequest, TransferRequest, bad};
use super::{error, summary};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::ids;
use crate::vendors::magic::{KytOutcome, find_address};
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;
use crate::vendors::times::whole_seconds;

/// Longest `userId` and reference.
const LONGEST: usize = 256;

/// 202 with the summary, which is empty yet.
pub(super) fn transfer(
    playing: &Playing,
    settings: &Settings,
    asked: &Asked,
    user: &str,
) -> Result<Answer, Answer> {
    let body: TransferRequest = request::read(asked)?;
    let user = known_user(asked, user)?;
    let network = request::network(asked, body.network)?;
    let asset = request::asset(asked, body.asset)?;
    let reference = request::text(asked, "transferReference", body.transfer_reference)?;
    let direction = request::text(asked, "direction", body.direction)?.to_lowercase();
    if !["sent", "received"].contains(&direction.as_str()) {
        return Err(bad(asked, "direction must be sent or received"));
    }
    let amount = request::number(asked, "assetAmount", body.asset_amount.as_deref())?;
    let price = request::number(asked, "assetPrice", body.asset_price.as_deref())?;
    let block_time = request::time(asked, "transferTimestamp", body.transfer_timestamp.as_deref())?;
    let (tx, end) = reference
        .rsplit_once(':')
        .filter(|(tx, end)| !tx.is_empty() && !end.is_empty() && reference.len() <= LONGEST)
        .ok_or_else(|| bad(asked, "transferReference is invalid"))?;
    let index = end.parse::<u32>().ok();
    let address = body.output_address.or_else(|| index.is_none().then(|| end.to_owned()));
    let record = Record {
        external_id: ids::name_based(&format!("{user}|{network}|{asset}|{reference}|{direction}")),
        user,
        network,
        asset,
        asset_id: body.asset_id,
        outcome: outcome(address.as_deref().into_iter().chain([tx])),
        subject: Subject::Transfer {
            tx: tx.to_owned(),
            index: index.unwrap_or(0),
            block_time: block_time.unwrap_or_else(|| whole_seconds(asked.now - Duration::minutes(1))),
            reference,
        },
        address,
        amount,
        price,
        registered_at: asked.now,
        delay: settings.kyt_delay(),
        at_once: false,
    };
    Ok(accepted(summary::of(playing.registered().add(record), asked)))
}

/// 202 with the summary; the attempt is assessed by then.
pub(super) fn attempt(
    playing: &Playing,
    settings: &Settings,
    asked: &Asked,
    user: &str,
) -> Result<Answer, Answer> {
    let body: AttemptRequest = request::read(asked)?;
    let user = known_user(asked, user)?;
    let network = request::network(asked, body.network)?;
    let asset = request::asset(asked, body.asset)?;
    let address = request::text(asked, "address", body.address)?;
    let identifier = request::text(asked, "attemptIdentifier", body.attempt_identifier)?;
    let amount = request::number(asked, "assetAmount", body.asset_amount.as_deref())?;
    let price = request::number(asked, "assetPrice", body.asset_price.as_deref())?;
    if amount.is_none() {
        return Err(bad(asked, "assetAmount is required"));
    }
    if request::time(asked, "attemptTimestamp", body.attempt_timestamp.as_deref())?.is_none() {
        return Err(bad(asked, "attemptTimestamp is required"));
    }
    let record = Record {
        external_id: ids::name_based(&format!("{user}|{network}|{asset}|{address}|{identifier}")),
        user,
        network,
        asset,
        asset_id: body.asset_id,
        outcome: outcome([address.as_str()]),
        subject: Subject::Attempt { identifier },
        address: Some(address),
        amount,
        price,
        registered_at: asked.now,
        delay: settings.kyt_delay(),
        at_once: settings.attempts_at_once,
    };
    Ok(accepted(summary::of(playing.registered().add(record), asked)))
}

fn accepted(summary: Answer) -> Answer {
    Answer { status: 202, ..summary }
}

fn known_user(asked: &Asked, user: &str) -> Result<String, Answer> {
    let is_good = !user.trim().is_empty() && user.len() <= LONGEST;
    if is_good { Ok(user.to_owned()) } else { Err(error(asked, 404, None)) }
}

/// What the first magic address among these says; clean without one.
fn outcome<'a>(addresses: impl IntoIterator<Item = &'a str>) -> KytOutcome {
    addresses.into_iter().find_map(find_address).map_or(KytOutcome::CLEAN, |magic| magic.kyt)
}

//! The decision: the address, then what must be known of the originator, then names, lists, KYC, and what can be told.

use serde_json::Value;
use waybill_domain::{InfoCode, reason};

use super::request::VerificationRequest;
use super::{disclose, originator};
use crate::customers::{Book, Customer, Owned, matching};
use crate::denial::Denial;
use crate::endpoint::Endpoint;
use crate::fields::find;
use crate::magic::Effect;

/// What is told of the beneficiary when all is well.
pub(super) struct Accepted {
    pub(super) persons: Vec<Value>,
    pub(super) names_other_account: bool,
}

pub(super) fn decide(book: &Book, request: &VerificationRequest<'_>) -> Result<Accepted, Denial> {
    let owned = book.locate(request.symbol, request.network, request.address)?;
    let missing = originator::missing(request.originator);
    if !missing.is_empty() {
        return Err(Denial::because(reason::LACK_OF_INFORMATION, listed(&missing)));
    }
    let holder = holder(&owned, request)?;
    if originator::is_blacklisted(request.originator) {
        return Err(Denial::of(reason::BLACKLISTED));
    }
    let effect = owned.effect(Endpoint::Verification);
    match effect {
        Effect::Deny(reason) => return Err(Denial::of(reason)),
        Effect::Error(reason) => return Err(Denial::error(reason)),
        _ => {}
    }
    let unavailable = disclose::unavailable(holder, &request.required);
    if !unavailable.is_empty() {
        return Err(Denial::because(reason::UNAVAILABLE_INFORMATION, listed(&unavailable)));
    }
    let persons = match effect {
        Effect::TellEverything => disclose::everything(holder),
        _ => disclose::persons(holder, &request.required),
    };
    Ok(Accepted { persons, names_other_account: effect == Effect::OtherAccount })
}

/// The customer meant: by name, or, below the threshold, where names are not compared, by kind alone.
fn holder(owned: &Owned, request: &VerificationRequest<'_>) -> Result<Customer, Denial> {
    let mismatch = || Denial::of(reason::MISMATCHED_NAME);
    if request.is_exceeding_threshold {
        return matching(owned.holders, &request.beneficiary_persons).ok_or_else(mismatch);
    }
    let wants_company =
        request.beneficiary_persons.iter().any(|person| find(person, "legalPerson").is_some());
    let meant = owned.holders.iter().find(|holder| matches!(holder, Customer::Legal(_)) == wants_company);
    meant.or(owned.holders.first()).copied().ok_or_else(mismatch)
}

fn listed(codes: &[InfoCode]) -> String {
    codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(",")
}

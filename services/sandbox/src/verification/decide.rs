//! The decision: the address, then what must be known of the originator, then names, lists, KYC, and what can be told.

use serde_json::Value;

use super::request::VerificationRequest;
use super::{disclose, originator};
use crate::customers::{Book, Customer, Owned, matching};
use crate::endpoint::Endpoint;
use crate::fields::find;
use crate::magic::Effect;
use crate::reason::{Denial, Reason};

/// What is told of the beneficiary when all is well.
pub(super) struct Accepted {
    pub(super) persons: Vec<Value>,
    pub(super) names_other_account: bool,
}

pub(super) fn decide(book: &Book, request: &VerificationRequest<'_>) -> Result<Accepted, Denial> {
    let owned = book.locate(request.symbol, request.network, request.address)?;
    let missing = originator::missing(request.originator);
    if !missing.is_empty() {
        return Err(Denial::because(Reason::LackOfInformation, missing.join(",")));
    }
    let holder = holder(&owned, request)?;
    if originator::is_blacklisted(request.originator) {
        return Err(Denial::of(Reason::Blacklisted));
    }
    let effect = owned.effect(Endpoint::Verification);
    match effect {
        Effect::Deny(reason) => return Err(Denial::of(reason)),
        Effect::Error(reason) => return Err(Denial::error(reason)),
        _ => {}
    }
    let unavailable = disclose::unavailable(holder, &request.required);
    if !unavailable.is_empty() {
        return Err(Denial::because(Reason::UnavailableInformation, unavailable.join(",")));
    }
    let persons = match effect {
        Effect::TellEverything => disclose::everything(holder),
        _ => disclose::persons(holder, &request.required),
    };
    Ok(Accepted { persons, names_other_account: effect == Effect::OtherAccount })
}

/// The customer meant: by name, or, below the threshold, where names are not compared, by kind alone.
fn holder(owned: &Owned, request: &VerificationRequest<'_>) -> Result<Customer, Denial> {
    let mismatch = || Denial::of(Reason::MismatchedName);
    if request.is_exceeding_threshold {
        return matching(owned.holders, &request.beneficiary_persons).ok_or_else(mismatch);
    }
    let wants_company =
        request.beneficiary_persons.iter().any(|person| find(person, "legalPerson").is_some());
    let meant = owned.holders.iter().find(|holder| matches!(holder, Customer::Legal(_)) == wants_company);
    meant.or(owned.holders.first()).copied().ok_or_else(mismatch)
}

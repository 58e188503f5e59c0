//! Beneficiary addresses that make a backend answer in a particular way. They belong, on Ethereum, to the customers
//! of the VASP's first address, so that everything before the particular answer is as usual.

use serde_json::Value;
use waybill_domain::reason;

use crate::endpoint::Endpoint;
use crate::fields;
use crate::misbehaviour::Misbehaviour;

/// What an address does to one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: the answer is that of an ordinary address.
    Usual,
    /// Denied for this reason, after symbol, network, address and name were found right.
    Deny(&'static str),
    /// As [`Effect::Deny`], with the result `ERROR`.
    Error(&'static str),
    /// Verified, and everything known is told, asked for or not.
    TellEverything,
    /// Verified, but with another `accountNumber` than the request's.
    OtherAccount,
    /// The backend fails to answer as it should.
    Misbehave(Misbehaviour),
}

/// One row of the table.
pub(crate) struct MagicAddress {
    pub(crate) address: &'static str,
    pub(crate) account: Effect,
    pub(crate) verification: Effect,
}

impl MagicAddress {
    pub(crate) fn effect(&self, endpoint: Endpoint) -> Effect {
        match endpoint {
            Endpoint::Account => self.account,
            Endpoint::Verification => self.verification,
            Endpoint::Transaction | Endpoint::Callback => Effect::Usual,
        }
    }
}

/// The address with that text, letters in either case.
pub(crate) fn find(address: &str) -> Option<&'static MagicAddress> {
    ADDRESSES.iter().find(|magic| magic.address.eq_ignore_ascii_case(address))
}

/// What the beneficiary's address in a request makes the backend do wrong.
pub(crate) fn misbehaviour(endpoint: Endpoint, body: &Value) -> Option<Misbehaviour> {
    let address = fields::beneficiary_account(body).ok()?;
    match find(address)?.effect(endpoint) {
        Effect::Misbehave(misbehaviour) => Some(misbehaviour),
        _ => None,
    }
}

const fn both(address: &'static str, effect: Effect) -> MagicAddress {
    MagicAddress { address, account: effect, verification: effect }
}

const fn verification(address: &'static str, effect: Effect) -> MagicAddress {
    MagicAddress { address, account: Effect::Usual, verification: effect }
}

const fn account_fails(address: &'static str, how: Misbehaviour) -> MagicAddress {
    MagicAddress { address, account: Effect::Misbehave(how), verification: Effect::Usual }
}

const fn verification_fails(address: &'static str, how: Misbehaviour) -> MagicAddress {
    verification(address, Effect::Misbehave(how))
}

/// All magic addresses: `…0N` denies or answers oddly, `…aN` spoils the account check, `…bN` the user verification.
pub(crate) static ADDRESSES: [MagicAddress; 23] = [
    both("0x5a4db0c500000000000000000000000000000001", Effect::Deny(reason::BLACKLISTED)),
    both("0x5a4db0c500000000000000000000000000000002", Effect::Deny(reason::UNVERIFIED_KYC)),
    both("0x5a4db0c500000000000000000000000000000003", Effect::Deny(reason::UNDEFINED_ERROR)),
    verification("0x5a4db0c500000000000000000000000000000004", Effect::Deny(reason::NOT_ALLOWED)),
    verification("0x5a4db0c500000000000000000000000000000005", Effect::Error(reason::UNDEFINED_ERROR)),
    verification("0x5a4db0c500000000000000000000000000000006", Effect::TellEverything),
    verification("0x5a4db0c500000000000000000000000000000007", Effect::OtherAccount),
    account_fails("0x5a4db0c5000000000000000000000000000000a1", Misbehaviour::Slow(None)),
    account_fails("0x5a4db0c5000000000000000000000000000000a2", Misbehaviour::Down),
    account_fails("0x5a4db0c5000000000000000000000000000000a3", Misbehaviour::Nonsense),
    account_fails("0x5a4db0c5000000000000000000000000000000a4", Misbehaviour::WrongContentType),
    account_fails("0x5a4db0c5000000000000000000000000000000a5", Misbehaviour::TooMuch),
    account_fails("0x5a4db0c5000000000000000000000000000000a6", Misbehaviour::UnknownResult),
    account_fails("0x5a4db0c5000000000000000000000000000000a7", Misbehaviour::Refuse(400, None)),
    account_fails("0x5a4db0c5000000000000000000000000000000a8", Misbehaviour::Refuse(503, None)),
    verification_fails("0x5a4db0c5000000000000000000000000000000b1", Misbehaviour::Slow(None)),
    verification_fails("0x5a4db0c5000000000000000000000000000000b2", Misbehaviour::Down),
    verification_fails("0x5a4db0c5000000000000000000000000000000b3", Misbehaviour::Nonsense),
    verification_fails("0x5a4db0c5000000000000000000000000000000b4", Misbehaviour::WrongContentType),
    verification_fails("0x5a4db0c5000000000000000000000000000000b5", Misbehaviour::TooMuch),
    verification_fails("0x5a4db0c5000000000000000000000000000000b6", Misbehaviour::UnknownResult),
    verification_fails("0x5a4db0c5000000000000000000000000000000b7", Misbehaviour::Refuse(400, None)),
    verification_fails("0x5a4db0c5000000000000000000000000000000b8", Misbehaviour::Refuse(503, None)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_either_case_and_differ() {
        for magic in &ADDRESSES {
            assert_eq!(magic.address.len(), 42);
            let upper = magic.address.to_ascii_uppercase();
            assert_eq!(find(&upper).map(|found| found.address), Some(magic.address));
        }
        assert!(find("0x5811001506550d8356a215be229c15b6ef371a9b").is_none());
    }
}

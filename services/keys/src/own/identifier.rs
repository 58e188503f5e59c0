//! The names under which `own_keys` keeps pairs, unique within a type.

use waybill_domain::{Fault, KeyType};
use waybill_jobs::{OwnKey, Request as _};
use waybill_store::tables::own_keys::reply_identifier;
use waybill_vault::Vault;

use crate::address::open_address;

/// The name of the pair that a request is for; none when it is for a fresh one, which is named by its own key id.
pub(super) fn identifier_of(request: &OwnKey, vault: &Vault) -> Result<Option<String>, Fault> {
    match request.key_type {
        KeyType::PerVasp => Ok(Some(KeyType::PerVasp.as_str().to_owned())),
        KeyType::PerAddress => {
            let sealed = request.address_sealed.as_deref();
            open_address(vault, OwnKey::KIND, &request.request_id, sealed)
                .map(|address| Some(escaped(&address)))
        }
        KeyType::PerVerification => Ok(request.verification_uuid.map(reply_identifier)),
    }
}

/// Retired pairs are renamed to `identifier#key id`. Nobody may take such a name by asking for it as an address,
/// or the pair could never be retired. Real addresses have no `#` and stay as they are.
fn escaped(address: &str) -> String {
    address.replace('%', "%25").replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn addresses_stay_as_they_are_unless_they_look_retired() {
        for (address, identifier) in [
            ("0x5811001506550d8356a215be229c15b6ef371a9b", "0x5811001506550d8356a215be229c15b6ef371a9b"),
            ("rBW:1234", "rBW:1234"),
            ("0x58#k1", "0x58%23k1"),
            ("0x58%23k1", "0x58%2523k1"),
        ] {
            assert_eq!(escaped(address), identifier);
        }
    }
}

//! The address in a request for a `PerAddress` key.

use waybill_domain::{Fault, limits};
use waybill_vault::Vault;

/// Opens it. `kind` and `request_id` name the request.
///
/// # Errors
/// `MISSING-ADDRESS`, `INVALID-ADDRESS`, or that the sealed field does not open.
pub(crate) fn open_address(
    vault: &Vault,
    kind: &'static str,
    request_id: &str,
    sealed: Option<&str>,
) -> Result<String, Fault> {
    let sealed = sealed.ok_or_else(|| Fault::missing("address"))?;
    let address = vault.open_request(kind, request_id, sealed)?;
    if limits::fits(&address, limits::ACCOUNT_NUMBER) {
        Ok(address.to_string())
    } else {
        Err(Fault::invalid("address"))
    }
}

//! Ids, accounts and transactions.

use waybill_domain::{VerificationUuid, limits};

use super::{EXAMPLE_ADDRESS, EXAMPLE_COUNTERPARTY, EXAMPLE_UUID};
use crate::Schema;

/// The id of a VASP.
pub fn vasp_id() -> Schema {
    Schema::of("string")
        .pattern("^(0|[1-9][0-9]{0,19})$")
        .about("Id of a VASP: unsigned, 64 bits, in decimal without leading zeros. A text, because many languages round numbers of this size.")
        .example(EXAMPLE_COUNTERPARTY)
}

/// The id of a verification.
pub fn uuid() -> Schema {
    Schema::of("string")
        .with("format", "uuid")
        .pattern("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
        .about(
            "Id of the verification, the same at both VASPs. Either case is read; answers have lower case.",
        )
        .example(EXAMPLE_UUID)
}

/// An account number or address.
pub fn account_number() -> Schema {
    Schema::text(limits::ACCOUNT_NUMBER)
        .about("Account number or address, compared exactly, upper and lower case included. A secondary address is appended: `address:tag`.")
        .example(EXAMPLE_ADDRESS)
}

/// The hash of a transaction.
pub fn tx_hash() -> Schema {
    Schema::text(limits::TX_HASH)
        .pattern("^[^\\s\\u0000-\\u001f\\u007f-\\u009f]*$")
        .about("Hash of the transaction, exactly as the chain's node prints it; no white space.")
        .example("0x9f2c4a1be7d05c3386f1d0a94e5b7c2288aa6013d9e4f5b7c1a20e3d4c5b6a79")
}

/// The output of a transaction.
pub fn vout() -> Schema {
    Schema::text(limits::VOUT)
        .about("Which output of the transaction belongs to the verification, where one transaction serves several.")
        .example("1")
}

/// [`EXAMPLE_UUID`], for the messages of refusals.
pub fn example_uuid() -> VerificationUuid {
    VerificationUuid::from_random(0x69a3_10e6_810f_4a31_83d1_bcda_fccf_5304_u128.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_example_are_the_same() {
        assert_eq!(example_uuid().to_string(), EXAMPLE_UUID);
    }
}

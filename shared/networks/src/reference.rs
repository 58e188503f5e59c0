//! How Chainalysis is told which part of which transaction is meant.

use crate::{Model, Networks};

impl Networks {
    /// `hash:vout` where outputs have numbers and the number is known, else `hash:address`. The hash is as it was
    /// reported. A network that is not known counts as one of accounts.
    ///
    /// Source: Chainalysis KYT, `transferReference`.
    pub fn transfer_reference(&self, network: &str, hash: &str, vout: Option<&str>, address: &str) -> String {
        let has_outputs = self.find(network).is_some_and(|network| network.model() == Model::Utxo);
        let output = vout.filter(|vout| has_outputs && is_number(vout)).unwrap_or(address);
        format!("{hash}:{output}")
    }
}

/// What reports call `vout` may be any text.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    fn networks() -> &'static Networks {
        static NETWORKS: LazyLock<Networks> = LazyLock::new(Networks::default);
        &NETWORKS
    }

    #[test]
    fn an_output_is_named_where_there_are_outputs() {
        let reference = |network, vout| networks().transfer_reference(network, "0xAb", vout, "there");
        assert_eq!(reference("Bitcoin", Some("3")), "0xAb:3");
        assert_eq!(reference("BTC", Some("0")), "0xAb:0");
        assert_eq!(reference("Bitcoin", None), "0xAb:there");
        for no_number in ["", "first", "-1", "1.0", "١", "12345678901"] {
            assert_eq!(reference("Bitcoin", Some(no_number)), "0xAb:there", "{no_number:?}");
        }
        assert_eq!(reference("Ethereum", Some("3")), "0xAb:there");
        assert_eq!(reference("Nowhere", Some("3")), "0xAb:there");
    }

    proptest! {
        #[test]
        fn hash_and_output_stand_in_it_as_they_are(
            network in ".{0,20}", hash in "[!-~]{1,80}", vout in proptest::option::of("[0-9]{1,5}"), address in "[!-~]{1,60}"
        ) {
            let reference = networks().transfer_reference(&network, &hash, vout.as_deref(), &address);
            let output = reference.strip_prefix(&format!("{hash}:")).unwrap();
            prop_assert!(output == address || Some(output) == vout.as_deref());
        }
    }
}

//! The address in an account number.

use crate::{Network, Networks};

impl Networks {
    /// The address without what may be appended to it, `address:tag`: vendors know addresses only, and would find
    /// nothing against one with a tag. What belongs to the address stays, as in `bitcoincash:q…`.
    ///
    /// `network` is the name of the network, if it is known.
    pub fn address_of<'a>(&self, network: Option<&str>, account: &'a str) -> &'a str {
        let network = network.and_then(|name| self.find(name));
        if network.and_then(|network| network.is_address(account)) == Some(true) {
            return account;
        }
        match account.match_indices(':').find(|(at, _)| self.ends_an_address(network, &account[..*at])) {
            Some((at, _)) => &account[..at],
            None => account,
        }
    }

    fn ends_an_address(&self, network: Option<&Network>, head: &str) -> bool {
        match network.and_then(|network| network.is_address(head)) {
            Some(known) => known,
            None => !head.is_empty() && !self.is_prefix(head) && !is_workchain(head),
        }
    }
}

/// The number before a raw TON address.
fn is_workchain(head: &str) -> bool {
    matches!(head, "0" | "-1")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    const XRP: &str = "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh";
    const CASH: &str = "bitcoincash:qpm2qsznhks23z7629mms6s5cwef74vcwvy22gdx6a";

    #[test]
    fn a_tag_is_not_part_of_the_address() {
        let networks = Networks::default();
        let raw = format!("0:{}", "ab".repeat(32));
        for (network, account, address) in [
            (Some("XRP"), &*format!("{XRP}:12345"), XRP),
            (Some("ripple"), XRP, XRP),
            (None, &*format!("{XRP}:12345"), XRP),
            (Some("EOS"), "binancecleos:1:2", "binancecleos"),
            (Some("Bitcoin Cash"), CASH, CASH),
            (Some("Bitcoin Cash"), &*format!("{CASH}:memo"), CASH),
            (None, CASH, CASH),
            (None, &*format!("{CASH}:memo"), CASH),
            (Some("TON"), &raw, &raw),
            (None, &raw, &raw),
            (None, ":x", ":x"),
            (Some("Ethereum"), "no address:1", "no address:1"),
        ] {
            assert_eq!(networks.address_of(network, account), address, "{network:?} {account}");
        }
    }

    proptest! {
        #[test]
        fn the_address_is_the_start_of_the_account(network in proptest::option::of(".{0,12}"), account in ".{1,80}") {
            static NETWORKS: LazyLock<Networks> = LazyLock::new(Networks::default);
            let address = NETWORKS.address_of(network.as_deref(), &account);
            prop_assert!(account.starts_with(address) && !address.is_empty());
        }
    }
}

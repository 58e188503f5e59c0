//! When two spellings are the same name.

/// The letters and digits of a name, in upper case: `ERC-20` is `erc20`, and `Binance_Smart_Chain` has no underscores.
pub(crate) fn key(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A ticker as it is compared.
pub(crate) fn ticker(asset: &str) -> String {
    asset.trim().to_uppercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_spaces_and_dashes_make_no_difference() {
        for same in
            ["Binance Smart Chain", "binance_smart_chain", "BINANCE-SMART-CHAIN", " BinanceSmartChain "]
        {
            assert_eq!(key(same), "BINANCESMARTCHAIN");
        }
        assert_ne!(key("zkSync"), key("zkSync2"));
        assert_eq!(ticker(" usdt"), "USDT");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in ".{0,40}") {
            let once = key(&name);
            // Characters without a single upper case form (ŉ) settle after one more round at most.
            prop_assert_eq!(key(&key(&once)), key(&once));
        }
    }
}

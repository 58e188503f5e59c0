//! Finding the owner of an address: symbol, then network, then address.

use waybill_domain::reason;

use super::customer::Customer;
use crate::denial::Denial;
use crate::endpoint::Endpoint;
use crate::magic::{self, Effect, MagicAddress};
use crate::vendors::is_magic_address;

/// What one VASP knows.
pub(crate) struct Book {
    pub(crate) assets: &'static [Asset],
    /// The first one also holds the magic addresses.
    pub(crate) accounts: &'static [Account],
}

/// An asset and the networks it lives on.
pub(crate) struct Asset {
    pub(crate) symbol: &'static str,
    pub(crate) networks: &'static [&'static str],
}

/// An address and its owners.
pub(crate) struct Account {
    pub(crate) network: &'static str,
    pub(crate) address: &'static str,
    pub(crate) holders: &'static [Customer],
}

/// Whose address was found.
pub(crate) struct Owned {
    pub(crate) holders: &'static [Customer],
    magic: Option<&'static MagicAddress>,
}

impl Owned {
    /// What the address does to an endpoint.
    pub(crate) fn effect(&self, endpoint: Endpoint) -> Effect {
        self.magic.map_or(Effect::Usual, |magic| magic.effect(endpoint))
    }
}

impl Book {
    /// The owners of an address, or why there are none. `network` may be left out where the asset has only one.
    pub(crate) fn locate(&self, symbol: &str, network: Option<&str>, address: &str) -> Result<Owned, Denial> {
        let asset = self.assets.iter().find(|asset| asset.symbol.eq_ignore_ascii_case(symbol));
        let asset = asset.ok_or_else(|| Denial::of(reason::UNKNOWN_SYMBOL))?;
        self.owned(asset.network(network)?, address).ok_or_else(|| Denial::of(reason::UNKNOWN_ADDRESS))
    }

    fn owned(&self, network: &str, address: &str) -> Option<Owned> {
        let on_network = |account: &&Account| account.network == network;
        if let Some(account) = self.accounts.iter().filter(on_network).find(|account| account.is_at(address))
        {
            return Some(Owned { holders: account.holders, magic: None });
        }
        let first = self.accounts.first().filter(on_network)?;
        let magic = magic::find(address);
        let is_known = magic.is_some() || is_magic_address(address);
        is_known.then_some(Owned { holders: first.holders, magic })
    }
}

impl Asset {
    fn network(&self, asked: Option<&str>) -> Result<&'static str, Denial> {
        match (asked, self.networks) {
            (None, [only]) => Ok(only),
            (None, _) => Err(Denial::because(reason::UNKNOWN_NETWORK, "'network' is necessary")),
            (Some(asked), known) => known
                .iter()
                .find(|network| network.eq_ignore_ascii_case(asked))
                .copied()
                .ok_or_else(|| Denial::because(reason::UNKNOWN_NETWORK, asked.to_owned())),
        }
    }
}

impl Account {
    /// Ethereum addresses carry no meaning in the case of their letters; the others do.
    fn is_at(&self, address: &str) -> bool {
        match self.network {
            "Ethereum" => self.address.eq_ignore_ascii_case(address),
            _ => self.address == address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::book_of;
    use crate::options::CustomerSet;

    const ETHEREUM: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
    const TRON: &str = "TUgWPfxuJsgRba1NZgQZesx9JkUGgn6GdG";
    const BITCOIN: &str = "bc1qe4qatw6lpjs788fsa8q9hsc3d90xwjzlhm7l8d";

    fn locate(
        symbol: &str,
        network: Option<&str>,
        address: &str,
    ) -> Result<usize, (&'static str, Option<String>)> {
        match book_of(CustomerSet::Robot).locate(symbol, network, address) {
            Ok(owned) => Ok(owned.holders.len()),
            Err(denial) => Err((denial.reason, denial.message.map(Into::into))),
        }
    }

    #[test]
    fn every_asset_of_the_robot_is_found() {
        assert_eq!(locate("ETH", None, ETHEREUM), Ok(2));
        assert_eq!(locate("ETH", Some("Ethereum"), &ETHEREUM.to_uppercase()), Ok(2));
        assert_eq!(locate("USDT", Some("ETHEREUM"), ETHEREUM), Ok(2));
        assert_eq!(locate("USDT", Some("Tron"), TRON), Ok(2));
        assert_eq!(locate("BTC", None, BITCOIN), Ok(2));
    }

    #[test]
    fn the_first_fault_in_order_is_named() {
        assert_eq!(locate("DOGE", None, "nowhere"), Err((reason::UNKNOWN_SYMBOL, None)));
        let necessary = Some("'network' is necessary".to_owned());
        assert_eq!(locate("USDT", None, "nowhere"), Err((reason::UNKNOWN_NETWORK, necessary)));
        let bitcoin = Some("Bitcoin".to_owned());
        assert_eq!(locate("ETH", Some("Bitcoin"), "nowhere"), Err((reason::UNKNOWN_NETWORK, bitcoin)));
        assert_eq!(locate("ETH", None, TRON), Err((reason::UNKNOWN_ADDRESS, None)));
        assert_eq!(locate("USDT", Some("Tron"), &TRON.to_lowercase()), Err((reason::UNKNOWN_ADDRESS, None)));
    }
}

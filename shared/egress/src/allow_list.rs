//! Inner addresses that the directory may nevertheless name.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses and hosts that directory endpoints may use although they are not public: for members that meet
/// in a private network, and for tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AllowList {
    nets: BTreeSet<IpNet>,
    hosts: BTreeSet<String>,
}

/// An entry that is neither an address range nor a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{entry}` is neither an address, nor a range such as 10.0.0.0/8, nor a host name")]
pub struct AllowListError {
    /// The entry as it was written.
    pub entry: String,
}

impl AllowList {
    /// Reads entries such as `10.1.0.0/16`, `127.0.0.1`, `::1` or `peer.internal`.
    pub fn parse<S: AsRef<str>>(entries: impl IntoIterator<Item = S>) -> Result<Self, AllowListError> {
        let mut list = Self::default();
        for entry in entries {
            list.add(entry.as_ref().trim())?;
        }
        Ok(list)
    }

    fn add(&mut self, entry: &str) -> Result<(), AllowListError> {
        let wrong = || AllowListError { entry: entry.to_owned() };
        if let Ok(net) = entry.parse::<IpNet>() {
            self.nets.insert(net.trunc());
        } else if let Ok(address) = entry.parse::<IpAddr>() {
            self.nets.insert(address.to_canonical().into());
        } else if let Ok(url::Host::Domain(host)) = url::Host::parse(entry) {
            self.hosts.insert(plain_name(&host));
        } else {
            return Err(wrong());
        }
        Ok(())
    }

    /// True when the host or the address is on the list.
    pub(crate) fn contains(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.hosts.contains(&plain_name(host)) || self.nets.iter().any(|net| net.contains(&address))
    }
}

/// One spelling for each name: lower case, no dot at the end.
fn plain_name(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_ranges_addresses_and_hosts() {
        let list = AllowList::parse(["127.0.0.0/8", "10.1.2.3", "::1", " Peer.Internal. "]).unwrap();
        for (host, address, listed) in [
            ("x", "127.9.9.9", true),
            ("x", "::ffff:127.0.0.1", true),
            ("x", "10.1.2.3", true),
            ("x", "10.1.2.4", false),
            ("x", "::1", true),
            ("peer.internal", "10.9.9.9", true),
            ("PEER.internal.", "10.9.9.9", true),
            ("not-peer.internal", "10.9.9.9", false),
        ] {
            assert_eq!(list.contains(host, address.parse().unwrap()), listed, "{host} {address}");
        }
        assert!(!AllowList::default().contains("localhost", "127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for entry in ["", "10.0.0.0/33", "http://host", "host:80", "a b"] {
            assert!(AllowList::parse([entry]).is_err(), "{entry:?}");
        }
    }
}

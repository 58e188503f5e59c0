//! What an IP address is for, as far as the address policy cares.
//!
//! Source: the IANA special-purpose address registries (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Where packets to an address end up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressKind {
    /// This machine.
    Loopback,
    /// Somebody's inner network.
    Private,
    /// The internet.
    Public,
    /// Nowhere a call should go: link-local (cloud metadata), multicast, documentation, reserved, obsolete tunnels.
    Forbidden,
}

const PRIVATE_V4: [Ipv4Net; 5] = [
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10), // carrier-grade NAT
    v4(172, 16, 0, 0, 12),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15), // benchmark networks
];

const FORBIDDEN_V4: [Ipv4Net; 9] = [
    v4(0, 0, 0, 0, 8),       // "this network"; Linux connects 0.0.0.0 to itself
    v4(169, 254, 0, 0, 16),  // link-local
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relay
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // class E and broadcast
];

const LOOPBACK_V4: Ipv4Net = v4(127, 0, 0, 0, 8);

const UNIQUE_LOCAL: Ipv6Net = v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7);
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// The parts of [`GLOBAL_UNICAST`] that are not for hosts.
const FORBIDDEN_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // protocol assignments, Teredo and ORCHID among them
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
];

impl AddressKind {
    /// Looks an address up. An IPv4 address in IPv6 clothes (`::ffff:a.b.c.d`) counts as what it is.
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let within = |nets: &[Ipv4Net]| nets.iter().any(|net| net.contains(&address));
        if LOOPBACK_V4.contains(&address) {
            Self::Loopback
        } else if within(&FORBIDDEN_V4) {
            Self::Forbidden
        } else if within(&PRIVATE_V4) {
            Self::Private
        } else {
            Self::Public
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if address.is_loopback() {
            Self::Loopback
        } else if UNIQUE_LOCAL.contains(&address) {
            Self::Private
        } else if NAT64.contains(&address) {
            Self::behind_nat64(address)
        } else if GLOBAL_UNICAST.contains(&address) && !FORBIDDEN_V6.iter().any(|net| net.contains(&address))
        {
            Self::Public
        } else {
            Self::Forbidden
        }
    }

    /// The translator (RFC 6052) leads to the IPv4 address in the last 32 bits; only the internet lies behind it.
    fn behind_nat64(address: Ipv6Addr) -> Self {
        let [.., a, b, c, d] = address.octets();
        match Self::of_v4(Ipv4Addr::new(a, b, c, d)) {
            Self::Public => Self::Public,
            _ => Self::Forbidden,
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(s: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]), prefix)
}

#[cfg(test)]
mod tests {
    use super::AddressKind::{Forbidden, Loopback, Private, Public};
    use super::*;

    #[test]
    fn table_of_addresses() {
        let table: [(AddressKind, &[&str]); 4] = [
            (Loopback, &["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"]),
            (Private, &["10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"]),
            (Private, &["100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.255.255"]),
            (Private, &["fc00::1", "fdff:ffff::1", "::ffff:10.1.2.3"]),
        ];
        let forbidden: [&[&str]; 6] = [
            &["0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.170", "192.0.2.1", "192.88.99.1"],
            &["198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
            &["::", "::7f00:1", "::ffff:0.0.0.0", "::ffff:169.254.169.254", "fe80::1", "fec0::1", "ff02::1"],
            &["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1"],
            &["2001::1", "2001:2::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1"],
            &["3fff::1", "3fff:fff::1", "5f00::1", "4000::1", "1fff::1"],
        ];
        let public: [&[&str]; 3] = [
            &["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
            &[
                "128.0.0.0",
                "169.253.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "223.255.255.255",
            ],
            &[
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "3fff:1000::1",
            ],
        ];
        let forbidden = forbidden.into_iter().map(|addresses| (Forbidden, addresses));
        let public = public.into_iter().map(|addresses| (Public, addresses));
        for (kind, addresses) in table.into_iter().chain(forbidden).chain(public) {
            for text in addresses {
                let address: IpAddr = text.parse().unwrap();
                assert_eq!(AddressKind::of(address), kind, "{text}");
            }
        }
    }
}

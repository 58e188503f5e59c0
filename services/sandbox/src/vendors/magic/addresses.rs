//! The magic addresses. On Ethereum they belong to the customers of each VASP's first address.

use super::kyt::{Amount, Assessed, KytAlert, KytOutcome};
use super::sanctions::Identification;

/// One row of the table.
pub(in crate::vendors) struct MagicAddress {
    pub(in crate::vendors) address: &'static str,
    pub(in crate::vendors) what: &'static str,
    pub(in crate::vendors) kyt: KytOutcome,
    pub(in crate::vendors) sanctions: &'static [Identification],
}

/// The row of an address, however it is written. A transaction whose hash ends in the forty digits of a row counts
/// as one to that address, for networks where transfers are named without it.
pub(in crate::vendors) fn find_address(address: &str) -> Option<&'static MagicAddress> {
    let address = normalized(address);
    ADDRESSES.iter().find(|magic| address.ends_with(&magic.address[2..]))
}

/// Whether a backend counts the address among those of its customers.
pub(crate) fn is_magic_address(address: &str) -> bool {
    ADDRESSES.iter().any(|magic| magic.address.eq_ignore_ascii_case(address))
}

/// As Chainalysis writes addresses: hexadecimal ones and those in bech32 in lower case, the former without `0x`. Others
/// carry meaning in the case of their letters and stay.
pub(in crate::vendors) fn normalized(address: &str) -> String {
    let lower = address.to_ascii_lowercase();
    if is_hex_address(address) {
        return lower.trim_start_matches("0x").to_owned();
    }
    let is_bech32 = ["bc1", "tb1", "ltc1", "addr1"].iter().any(|prefix| lower.starts_with(prefix));
    if is_bech32 { lower } else { address.to_owned() }
}

/// Whether it is hexadecimal, with `0x` or in the usual length of Ethereum.
fn is_hex_address(address: &str) -> bool {
    let digits = address.strip_prefix("0x").or_else(|| address.strip_prefix("0X"));
    let plain = digits.is_none() && [40, 64].contains(&address.len());
    let digits = digits.unwrap_or(address);
    (plain || digits.len() != address.len())
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const SANCTIONED: KytAlert =
    KytAlert::direct("SEVERE", 3, "SANCTIONED ENTITY: OFAC SDN Quiet Harbour Exchange 2031-04-15");

const INDIRECT: KytAlert = KytAlert {
    level: Some("LOW"),
    service: None,
    category_id: None,
    category: None,
    exposure: Some("INDIRECT"),
    amount: Amount::Is("12.5"),
};

/// All of them: `…cNN` for KYT, `…dNN` for sanctions, and two that examples of the vendors and of the interface use.
pub(in crate::vendors) static ADDRESSES: [MagicAddress; 28] = [
    MagicAddress {
        address: "0xbb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
        what: "KYT: MEDIUM, DIRECT, the high risk exchange SimpleSwap.io, with the older `category`; sanctions: none",
        kyt: KytOutcome::of(&[KytAlert {
            category: Some("high risk exchange"),
            ..KytAlert::direct("MEDIUM", 4, "HIGH RISK EXCHANGE: SimpleSwap.io")
        }]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x1da5821544e25c636c1417ba96ade4cf6d2f9b5a",
        what: "KYT: SEVERE, sanctioned entity, DIRECT; sanctioned",
        kyt: KytOutcome::of(&[SANCTIONED]),
        sanctions: &[Identification::SANCTIONED],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c01",
        what: "KYT: LOW",
        kyt: KytOutcome::of(&[KytAlert::direct("LOW", 16, "GAMBLING: Lantern Casino")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c02",
        what: "KYT: MEDIUM",
        kyt: KytOutcome::of(&[KytAlert::direct("MEDIUM", 4, "NO KYC EXCHANGE: Driftwood Swap")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c03",
        what: "KYT: HIGH",
        kyt: KytOutcome::of(&[KytAlert::direct("HIGH", 13, "MIXING: Foggy Mixer")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c04",
        what: "KYT: SEVERE, sanctioned entity; sanctioned",
        kyt: KytOutcome::of(&[SANCTIONED]),
        sanctions: &[Identification::SANCTIONED],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c05",
        what: "KYT: two alerts, HIGH and LOW",
        kyt: KytOutcome::of(&[KytAlert::direct("HIGH", 13, "MIXING: Foggy Mixer"), INDIRECT]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c06",
        what: "KYT: INDIRECT, `service` is null",
        kyt: KytOutcome::of(&[INDIRECT]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c07",
        what: "KYT: never assessed, `updatedAt` stays null",
        kyt: KytOutcome { assessed: Assessed::Never, ..KytOutcome::CLEAN },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c08",
        what: "KYT: first without alerts; after the delay once more there are two, and `updatedAt` has moved",
        kyt: KytOutcome { assessed: Assessed::AlertsLate, ..KytOutcome::of(&[SANCTIONED, INDIRECT]) },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c09",
        what: "KYT: MEDIUM; an attempt too is assessed only after the delay",
        kyt: KytOutcome {
            assessed: Assessed::Later,
            ..KytOutcome::of(&[KytAlert::direct("MEDIUM", 4, "NO KYC EXCHANGE: Driftwood Swap")])
        },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c10",
        what: "KYT: an `alertLevel` that nobody knows: CRITICAL",
        kyt: KytOutcome::of(&[KytAlert::direct("CRITICAL", 12, "RANSOMWARE: Paper Locker")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c11",
        what: "KYT: two alerts, one lacks `alertAmount` and `exposureType`",
        kyt: KytOutcome::of(&[
            KytAlert::direct("LOW", 16, "GAMBLING: Lantern Casino"),
            KytAlert { exposure: None, amount: Amount::Missing, ..SANCTIONED },
        ]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c12",
        what: "KYT: huge amounts: `alertAmount` 1e21",
        kyt: KytOutcome {
            asset_amount: Some("123456789012345678901234567890.123456789"),
            usd_amount: Some("1e21"),
            ..KytOutcome::of(&[KytAlert::direct("HIGH", 6, "STOLEN FUNDS: Broken Vault")])
        },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c13",
        what: "KYT: tiny amounts: `alertAmount` 1E-8, `usdAmount` 0.00000001",
        kyt: KytOutcome {
            usd_amount: Some("0.00000001"),
            ..KytOutcome::of(&[KytAlert {
                amount: Amount::Is("1E-8"),
                ..KytAlert::direct("LOW", 16, "GAMBLING: Lantern Casino")
            }])
        },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c14",
        what: "KYT: amounts with a zero at the end: 1820.170",
        kyt: KytOutcome {
            usd_amount: Some("1820.170"),
            ..KytOutcome::of(&[KytAlert::direct("LOW", 16, "GAMBLING: Lantern Casino")])
        },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c15",
        what: "KYT: only the older `category`, `categoryId` is null",
        kyt: KytOutcome::of(&[KytAlert {
            category_id: None,
            category: Some("high risk exchange"),
            ..KytAlert::direct("MEDIUM", 4, "HIGH RISK EXCHANGE: SimpleSwap.io")
        }]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c16",
        what: "KYT: `categoryId` is null",
        kyt: KytOutcome::of(&[KytAlert {
            category_id: None,
            ..KytAlert::direct("MEDIUM", 4, "NO KYC EXCHANGE: Driftwood Swap")
        }]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c17",
        what: "KYT: a `categoryId` that is not in the list: 12345",
        kyt: KytOutcome::of(&[KytAlert::direct("MEDIUM", 12345, "NEW CATEGORY: Paper Lantern")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c18",
        what: "KYT: a `service` of 600 characters and more, some of four bytes",
        kyt: KytOutcome::of(&[KytAlert::direct("MEDIUM", 4, "LONG")]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c19",
        what: "KYT: an `exposureType` that nobody knows: CLUSTER",
        kyt: KytOutcome::of(&[KytAlert {
            exposure: Some("CLUSTER"),
            ..KytAlert::direct("HIGH", 13, "MIXING: Foggy Mixer")
        }]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c20",
        what: "KYT: one alert without `alertLevel`",
        kyt: KytOutcome::of(&[KytAlert {
            level: None,
            ..KytAlert::direct("HIGH", 13, "MIXING: Foggy Mixer")
        }]),
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000c21",
        what: "KYT: all transfers to it share the id of their alert",
        kyt: KytOutcome {
            shares_alerts: true,
            ..KytOutcome::of(&[KytAlert::direct("HIGH", 13, "MIXING: Foggy Mixer")])
        },
        sanctions: &[],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000d01",
        what: "sanctioned; KYT: nothing",
        kyt: KytOutcome::CLEAN,
        sanctions: &[Identification::SANCTIONED],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000d02",
        what: "identified, but in another category than sanctions; KYT: nothing",
        kyt: KytOutcome::CLEAN,
        sanctions: &[Identification::OTHER],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000d03",
        what: "sanctioned, `name`, `description` and `url` are null; KYT: nothing",
        kyt: KytOutcome::CLEAN,
        sanctions: &[Identification::BARE],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000d04",
        what: "two identifications, the second is the sanction; KYT: nothing",
        kyt: KytOutcome::CLEAN,
        sanctions: &[Identification::OTHER, Identification::SANCTIONED],
    },
    MagicAddress {
        address: "0x5a4db0c500000000000000000000000000000d05",
        what: "sanctioned, with texts longer than any column; KYT: nothing",
        kyt: KytOutcome::CLEAN,
        sanctions: &[Identification { is_long: true, ..Identification::SANCTIONED }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_however_the_address_is_written() {
        for magic in &ADDRESSES {
            assert_eq!(magic.address.len(), 42, "{}", magic.address);
            let found = |text: &str| find_address(text).map(|found| found.address);
            assert_eq!(found(magic.address), Some(magic.address));
            assert_eq!(found(&magic.address.to_ascii_uppercase()), Some(magic.address));
            assert_eq!(found(&magic.address[2..]), Some(magic.address));
            let hash = format!("0x{}{}", "f".repeat(24), &magic.address[2..]);
            assert_eq!(found(&hash), Some(magic.address), "a hash");
            assert!(is_magic_address(magic.address) && !is_magic_address(&hash));
        }
        assert!(find_address("0x5811001506550d8356a215be229c15b6ef371a9b").is_none());
    }

    #[test]
    fn addresses_are_normalized_by_their_kind() {
        for (sent, normal) in [
            ("0xBB3fd383D1c5540e52ef0a7bcb9433375793aeaf", "bb3fd383d1c5540e52ef0a7bcb9433375793aeaf"),
            ("BC1QE4QATW6LPJS788FSA8Q9HSC3D90XWJZLHM7L8D", "bc1qe4qatw6lpjs788fsa8q9hsc3d90xwjzlhm7l8d"),
            ("TUgWPfxuJsgRba1NZgQZesx9JkUGgn6GdG", "TUgWPfxuJsgRba1NZgQZesx9JkUGgn6GdG"),
            ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        ] {
            assert_eq!(normalized(sent), normal);
        }
    }
}

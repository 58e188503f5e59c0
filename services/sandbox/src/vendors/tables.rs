//! The magic inputs and the switches as tables in Markdown, for the documentation.

use std::fmt::Write;

use super::Vendor;
use super::magic::{ADDRESSES, NAMES};
use super::mode::MODES;

/// Addresses and what Chainalysis says about them.
pub fn vendor_addresses_table() -> String {
    let mut table = "| address | what Chainalysis says |\n|---|---|\n".to_owned();
    for magic in &ADDRESSES {
        let _ = writeln!(table, "| `{}` | {} |", magic.address, magic.what);
    }
    table
}

/// Names and whom World-Check One finds.
pub fn vendor_names_table() -> String {
    let mut table = "| name | what World-Check One finds |\n|---|---|\n".to_owned();
    for magic in &NAMES {
        let _ = writeln!(table, "| {} | {} |", magic.name, magic.what);
    }
    table
}

/// The ways to fail.
pub fn vendor_faults_table() -> String {
    let mut table = "| `mode` | vendors | fault | what happens |\n|---|---|---|---|\n".to_owned();
    for row in &MODES {
        let vendors = if row.vendors.len() == Vendor::ALL.len() {
            "all".to_owned()
        } else {
            row.vendors.iter().map(|vendor| vendor.as_str()).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(table, "| `{}` | {vendors} | {} | {} |", row.name, row.faults, row.what);
    }
    table
}

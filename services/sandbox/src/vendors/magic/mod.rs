//! Inputs that make the vendors answer in a particular way: addresses at Chainalysis, names at World-Check One.

mod addresses;
mod kyt;
mod names;
mod sanctions;

pub(crate) use addresses::is_magic_address;
pub(super) use addresses::{ADDRESSES, find_address, normalized};
pub(super) use kyt::{Amount, Assessed, KytAlert, KytOutcome};
pub(super) use names::{Found, MagicName, NAMES, find_name};
pub(super) use sanctions::Identification;

//! A postal address.

use waybill_domain::text_enum;

use super::{Other, Private};

/// A postal address: lines, or a street with a building, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// What is at the address.
    pub address_type: Option<AddressType>,
    /// At most 50 characters.
    pub department: Option<Private<String>>,
    /// At most 70 characters.
    pub sub_department: Option<Private<String>>,
    /// At most 70 characters.
    pub street_name: Option<Private<String>>,
    /// At most 16 characters.
    pub building_number: Option<Private<String>>,
    /// At most 35 characters.
    pub building_name: Option<Private<String>>,
    /// At most 70 characters.
    pub floor: Option<Private<String>>,
    /// At most 16 characters.
    pub post_box: Option<Private<String>>,
    /// At most 70 characters.
    pub room: Option<Private<String>>,
    /// At most 16 characters.
    pub postcode: Option<Private<String>>,
    /// At most 35 characters.
    pub town_name: Option<Private<String>>,
    /// At most 35 characters.
    pub town_location_name: Option<Private<String>>,
    /// At most 35 characters.
    pub district_name: Option<Private<String>>,
    /// At most 35 characters.
    pub country_sub_division: Option<Private<String>>,
    /// At most 7 lines of at most 70 characters.
    pub lines: Vec<Private<String>>,
    /// ISO 3166-1 alpha-2. Empty when it was absent.
    pub country: Private<String>,
    /// Unknown fields.
    pub other: Other,
}

text_enum! {
    /// What is at an address (IVMS101 `AddressTypeCode`). `GEO` is a known misprint of `GEOG`.
    pub enum AddressType {
        /// Home.
        Home = "HOME",
        /// Business.
        Business = "BIZZ",
        /// Geographic, unspecified.
        Geographic = "GEOG" | "GEO",
    }
}

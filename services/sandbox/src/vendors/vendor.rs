//! The vendors that are played.

use waybill_domain::text_enum;

text_enum! {
    /// A vendor's API, named as in the sandbox's paths.
    pub enum Vendor {
        /// Chainalysis KYT, version 2.
        ChainalysisKyt = "chainalysis-kyt",
        /// Chainalysis' free Sanctions API.
        ChainalysisSanction = "chainalysis-sanction",
        /// World-Check One, version 2.
        Refinitiv = "refinitiv",
    }
}

//! The VASPs between the two sides, and what is said about the document itself.

use waybill_domain::text_enum;

use super::{Other, Person};

/// The VASPs through which a transfer passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferPath {
    /// In the order of the document; [`IntermediaryVasp::sequence`] says which comes when.
    pub vasps: Vec<IntermediaryVasp>,
    /// Unknown fields.
    pub other: Other,
}

/// One VASP between the two sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntermediaryVasp {
    /// The VASP, usually a legal person.
    pub person: Option<Person>,
    /// Its place on the way, counted from 0; at most 18 digits.
    pub sequence: Option<u64>,
    /// Unknown fields.
    pub other: Other,
}

/// What a document says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayloadMetadata {
    /// How names in other scripts were put into Latin letters.
    pub transliteration_methods: Vec<TransliterationMethod>,
    /// The edition of IVMS101 that the document says it follows. Writers write their own.
    pub payload_version: Option<PayloadVersion>,
    /// Unknown fields.
    pub other: Other,
}

text_enum! {
    /// A way of writing another script in Latin letters (IVMS101 `TransliterationMethodCode`).
    pub enum TransliterationMethod {
        /// Arabic, ISO 233-2:1993.
        Arabic = "arab",
        /// Persian, ISO 233-3:1999.
        Persian = "aran",
        /// Armenian, ISO 9985:1996.
        Armenian = "armn",
        /// Cyrillic, ISO 9:1995.
        Cyrillic = "cyrl",
        /// Devanagari and related scripts, ISO 15919:2001.
        Devanagari = "deva",
        /// Georgian, ISO 9984:1996.
        Georgian = "geor",
        /// Greek, ISO 843:1997.
        Greek = "grek",
        /// Han, ISO 7098:2015.
        Han = "hani",
        /// Hebrew, ISO 259-2:1994.
        Hebrew = "hebr",
        /// Kana, ISO 3602:1989.
        Kana = "kana",
        /// Korean, Revised Romanization.
        Korean = "kore",
        /// Thai, ISO 11940-2:2007.
        Thai = "thai",
        /// Another one.
        Other = "othr",
    }
}

text_enum! {
    /// Edition of IVMS101 (`PayloadVersionCode`). The worked examples of the standard print `IVMS101.2023`.
    pub enum PayloadVersion {
        /// Issue 1, May 2020.
        V2020 = "101" | "IVMS101" | "101.2020" | "IVMS101.2020",
        /// August 2023.
        V2023 = "101.2023" | "IVMS101.2023",
    }
}

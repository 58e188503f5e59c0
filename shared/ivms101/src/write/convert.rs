//! From one dialect into another.

use serde_json::Value;
use waybill_domain::text_enum;

use super::loss::Loss;
use super::payload;
use super::style::{IVMS_2020, IVMS_2023, VERIFY_VASP};
use super::writer::Writer;
use crate::model::Payload;
use crate::path::Path;

text_enum! {
    /// A dialect that is written.
    pub enum Target {
        /// IVMS101 issue 1, May 2020.
        Ivms2020 = "2020",
        /// IVMS101.2023.
        Ivms2023 = "2023",
        /// The VerifyVASP profile.
        VerifyVasp = "verifyvasp",
    }
}

/// A document in another dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Conversion {
    /// The document.
    pub document: Value,
    /// What it does not say any more, in document order but for what stands beside each other.
    pub losses: Vec<Loss>,
}

/// Writes a document in a dialect, and says what that dialect has no words for.
pub fn convert(payload: &Payload, to: Target) -> Conversion {
    let mut writer = Writer::new(match to {
        Target::Ivms2020 => &IVMS_2020,
        Target::Ivms2023 => &IVMS_2023,
        Target::VerifyVasp => &VERIFY_VASP,
    });
    let document = payload::payload(&mut writer, payload, &Path::Base(""));
    Conversion { document, losses: writer.losses }
}

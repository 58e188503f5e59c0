//! Whose rules a document is held to.

use waybill_domain::{limits, text_enum};

text_enum! {
    /// Whose rules a document is held to.
    pub enum Profile {
        /// IVMS101, issue 1 of May 2020, as the standard has it.
        Ivms2020 = "2020",
        /// IVMS101.2023, as the standard has it.
        Ivms2023 = "2023",
        /// What the private API and the other nodes require: what the VerifyVASP interface lets through, one account
        /// for each party, a company before its representatives.
        VerifyVasp = "verifyvasp",
    }
}

impl Profile {
    /// The longest account number, in characters.
    pub(crate) const fn account_number(self) -> usize {
        match self {
            Self::Ivms2020 => 100,
            Self::Ivms2023 => 512,
            Self::VerifyVasp => limits::ACCOUNT_NUMBER,
        }
    }

    /// True for the editions of the standard itself.
    pub(crate) const fn is_standard(self) -> bool {
        !matches!(self, Self::VerifyVasp)
    }
}

//! What a dialect cannot say.

use waybill_domain::text_enum;

text_enum! {
    /// Why something is not as it was.
    pub enum LossReason {
        /// Accounts of several persons stand in one list.
        AccountOwner = "ACCOUNT-OWNER",
        /// Accounts of nobody in particular were given to the first of several persons.
        AccountOwnerChosen = "ACCOUNT-OWNER-CHOSEN",
        /// Accounts without a person to hold them.
        AccountWithoutPerson = "ACCOUNT-WITHOUT-PERSON",
        /// An account number longer than the dialect allows.
        AccountTooLong = "ACCOUNT-TOO-LONG",
        /// Accounts of a VASP.
        AccountOfVasp = "ACCOUNT-OF-VASP",
        /// A field of the VerifyVASP profile.
        Extension = "EXTENSION",
        /// A field that nobody knows.
        UnknownField = "UNKNOWN-FIELD",
    }
}

impl LossReason {
    /// A sentence for people.
    pub const fn text(self) -> &'static str {
        match self {
            Self::AccountOwner => {
                "Account numbers stand on the side as a whole there: which person holds which one is lost."
            }
            Self::AccountOwnerChosen => {
                "The document does not say whose these account numbers are. They were given to the first person, \
                 which is a choice."
            }
            Self::AccountWithoutPerson => {
                "Account numbers belong to a person there, and the document names none. They are left out."
            }
            Self::AccountTooLong => "The account number is too long there. It is left out.",
            Self::AccountOfVasp => "A VASP has no account numbers there. They are left out.",
            Self::Extension => "The field is an addition of VerifyVASP and unknown there. It is left out.",
            Self::UnknownField => "The field is not part of IVMS101. It is left out.",
        }
    }

    /// False when everything is still there, and only whose it is was chosen.
    pub const fn is_left_out(self) -> bool {
        !matches!(self, Self::AccountOwner | Self::AccountOwnerChosen)
    }
}

/// One thing that a document says and its conversion does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Dotted path of the field, by its name in the VerifyVASP profile. May end in the name of an unknown field, so it
    /// is for the document's owner and not for a log.
    pub path: String,
    /// Why it is lost.
    pub reason: LossReason,
}

//! What an API key may do.

use std::fmt;
use std::str::FromStr;

use waybill_domain::text_enum;

text_enum! {
    /// One thing that an API key may do.
    pub enum Scope {
        /// See the members of the alliance.
        VaspsRead = "vasps:read",
        /// See verifications, without the personal data in them.
        VerificationsRead = "verifications:read",
        /// Check accounts, ask for verifications, report, inquire.
        VerificationsWrite = "verifications:write",
        /// See the personal data of verifications too.
        PersonalDataRead = "personal-data:read",
        /// See risk assessments.
        RiskAssessmentRead = "risk-assessment:read",
        /// Have counterparties assessed. Vendors want to be paid for it.
        RiskAssessmentWrite = "risk-assessment:write",
    }
}

impl Scope {
    /// What it allows, for the documentation: "allows to …".
    pub const fn allows(self) -> &'static str {
        match self {
            Self::VaspsRead => "see the members of the alliance",
            Self::VerificationsRead => "see verifications, without the personal data in them",
            Self::VerificationsWrite => "check accounts, ask for verifications, report, inquire",
            Self::PersonalDataRead => "see the personal data of verifications and risk assessments too",
            Self::RiskAssessmentRead => "see risk assessments, without the personal data in them",
            Self::RiskAssessmentWrite => "have counterparties assessed, which vendors want to be paid for",
        }
    }
}

/// Everything that one API key may do. Outside the program: scopes separated by commas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

/// Text that is no list of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a list of scopes; each is one of vasps:read, verifications:read, verifications:write, personal-data:read, \
     risk-assessment:read, risk-assessment:write"
)]
pub struct UnknownScope;

impl Scopes {
    /// Every scope there is.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// True when `scope` is among them.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// True when nothing is allowed.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes of a stored key. What this program does not know, a later one may have written, and allows nothing.
    pub(crate) fn known_of(text: &str) -> Self {
        text.split(',').filter_map(|name| name.trim().parse().ok()).collect()
    }
}

fn bit(scope: Scope) -> u8 {
    1 << scope as u8
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | bit(scope)))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(',').map(|name| name.trim().parse::<Scope>().map_err(|_| UnknownScope)).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Scope::ALL.iter().filter(|scope| self.contains(**scope)).map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_scopes_are_read_back() {
        assert_eq!(
            Scopes::all().to_string(),
            "vasps:read,verifications:read,verifications:write,personal-data:read,risk-assessment:read,\
             risk-assessment:write"
        );
        assert_eq!(Scopes::all().to_string().parse(), Ok(Scopes::all()));
        let one: Scopes = "verifications:read, verifications:read".parse().unwrap();
        assert!(one.contains(Scope::VerificationsRead) && !one.contains(Scope::PersonalDataRead));
    }

    #[test]
    fn a_misspelt_scope_is_refused_by_people_and_ignored_in_the_table() {
        for bad in ["", "vasps", "vasps:read,", "VASPS:READ"] {
            assert_eq!(bad.parse::<Scopes>(), Err(UnknownScope), "{bad:?}");
        }
        assert_eq!(Scopes::known_of("cases:write,vasps:read").to_string(), "vasps:read");
        assert!(Scopes::known_of("").is_empty());
    }

    #[test]
    fn the_refusal_names_every_scope() {
        for scope in Scope::ALL {
            assert!(UnknownScope.to_string().contains(scope.as_str()));
        }
    }
}

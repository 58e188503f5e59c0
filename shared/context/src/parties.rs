//! Who takes part in a verification: the four sealed columns of its row, opened.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, Vault};

/// Persons and VASPs, each as IVMS101 JSON. Serialised it is the interface's `ivms101`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Parties {
    /// Who sends.
    pub originator: Value,
    /// Who receives.
    pub beneficiary: Value,
    /// The VASP of who sends.
    #[serde(rename = "originatingVASP")]
    pub originating_vasp: Value,
    /// The VASP of who receives.
    #[serde(rename = "beneficiaryVASP")]
    pub beneficiary_vasp: Value,
}

/// A column that cannot be read. Says which, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableParty {
    /// Most often its key is missing from the keyring.
    #[error("the {0} of a verification does not open")]
    Sealed(&'static str),
    /// It holds something else than JSON.
    #[error("the {0} of a verification is not JSON")]
    NotJson(&'static str),
}

impl Parties {
    /// Opens the columns of a row.
    ///
    /// # Errors
    /// [`UnreadableParty`], for the first that cannot be read.
    pub fn open(vault: &Vault, row: &VerificationRow) -> Result<Self, UnreadableParty> {
        let open = |name, column, sealed: &str| {
            let opened = vault.open_column(row.uuid, column, sealed);
            let text = opened.map_err(|_| UnreadableParty::Sealed(name))?;
            serde_json::from_str(&text).map_err(|_| UnreadableParty::NotJson(name))
        };
        Ok(Self {
            originator: open("originator", Column::Originator, &row.originator_sealed)?,
            beneficiary: open("beneficiary", Column::Beneficiary, &row.beneficiary_sealed)?,
            originating_vasp: open(
                "originating VASP",
                Column::OriginatingVasp,
                &row.originating_vasp_sealed,
            )?,
            beneficiary_vasp: open(
                "beneficiary VASP",
                Column::BeneficiaryVasp,
                &row.beneficiary_vasp_sealed,
            )?,
        })
    }
}

impl From<Parties> for Value {
    fn from(parties: Parties) -> Self {
        let Parties { originator, beneficiary, originating_vasp, beneficiary_vasp } = parties;
        json!({
            "originator": originator, "beneficiary": beneficiary,
            "originatingVASP": originating_vasp, "beneficiaryVASP": beneficiary_vasp
        })
    }
}

/// Shows nothing personal.
impl fmt::Debug for Parties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parties").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_interface() {
        let parties = Parties {
            beneficiary: json!(1),
            originator: json!(2),
            originating_vasp: json!(3),
            beneficiary_vasp: json!(4),
        };
        let expected = json!({"beneficiary": 1, "originator": 2, "originatingVASP": 3, "beneficiaryVASP": 4});
        assert_eq!(serde_json::to_value(&parties).unwrap(), expected);
        assert_eq!(Value::from(parties), expected);
    }

    #[test]
    fn nobody_is_shown_in_logs() {
        let name = || json!({"name": "Taylor Robbins"});
        let parties = Parties {
            beneficiary: name(),
            originator: name(),
            originating_vasp: name(),
            beneficiary_vasp: name(),
        };
        assert_eq!(format!("{parties:?}"), "Parties { .. }");
    }
}

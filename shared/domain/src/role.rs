//! Which side of a verification a node is on.

use crate::text_enum;

text_enum! {
    /// Side of a verification. A VASP that sends to itself is both, on one row.
    pub enum Role {
        /// Sends the asset; asks.
        Originator = "ORIGINATOR",
        /// Receives the asset; answers.
        Beneficiary = "BENEFICIARY",
    }
}

impl Role {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Originator => Self::Beneficiary,
            Self::Beneficiary => Self::Originator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_side_of_the_other_side_is_this_one() {
        for role in Role::ALL {
            assert_ne!(role.other(), *role);
            assert_eq!(role.other().other(), *role);
        }
        assert_eq!(Role::Originator.as_str(), "ORIGINATOR");
    }
}

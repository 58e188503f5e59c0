//! The two VASPs, as the demo speaks of them.

use waybill_domain::VaspId;
use waybill_sandbox::{OUR_VASP, ROBOT_VASP};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Ours,
    Robot,
}

impl Side {
    pub fn vasp_id(self) -> VaspId {
        match self {
            Self::Ours => OUR_VASP,
            Self::Robot => ROBOT_VASP,
        }
    }

    pub fn node(self) -> &'static str {
        match self {
            Self::Ours => "our node",
            Self::Robot => "the robot's node",
        }
    }

    pub fn backend(self) -> &'static str {
        match self {
            Self::Ours => "our backend",
            Self::Robot => "the robot's backend",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Ours => Self::Robot,
            Self::Robot => Self::Ours,
        }
    }
}

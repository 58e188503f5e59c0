//! What the program decides: which backends there are, their tokens, the clock.

use waybill_domain::{SharedClock, VaspId};

use crate::journal::JournalKeeping;
use crate::token::Token;
use crate::vendors::Vendors;

/// Id of our VASP in the sandbox. Larger than `i64::MAX`, so that the big-id path is always exercised.
pub const OUR_VASP: VaspId = VaspId::new(15_952_089_931_162_059_995);

/// Id of the robot VASP.
pub const ROBOT_VASP: VaspId = VaspId::new(27_372_039_731_940_770);

/// How a sandbox is set up.
pub struct Options {
    /// Where `verifiedAt` and the journal's times come from.
    pub clock: SharedClock,
    /// The VASPs whose backends are played.
    pub backends: Vec<Backend>,
    /// How much of each request is kept.
    pub journal: JournalKeeping,
    /// The vendors that are played; without it none.
    pub vendors: Option<Vendors>,
}

impl Options {
    /// Both VASPs with their usual customers, everything kept, no vendors.
    pub fn new(clock: SharedClock, our_token: Token, robot_token: Token) -> Self {
        let ours = Backend { vasp_id: OUR_VASP, customers: CustomerSet::Ours, token: our_token };
        let robot = Backend { vasp_id: ROBOT_VASP, customers: CustomerSet::Robot, token: robot_token };
        Self { clock, backends: vec![ours, robot], journal: JournalKeeping::Full, vendors: None }
    }
}

/// The backend of one VASP.
pub struct Backend {
    /// Whose backend it is.
    pub vasp_id: VaspId,
    /// Whom it knows.
    pub customers: CustomerSet,
    /// What its node must show.
    pub token: Token,
}

/// Which of the two invented sets of customers a backend knows; `docs/SANDBOX.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerSet {
    /// Customers of our VASP.
    Ours,
    /// Customers of the robot: Taylor Robbins and A Company.
    Robot,
}

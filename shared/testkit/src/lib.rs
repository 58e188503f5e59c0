//! Clock, seeded randomness, TCP chaos proxy, free ports, folders and real programs for tests.
//! For tests only: helpers panic with a sentence that says what was expected.
#![deny(missing_docs)]

mod chaos_proxy;
mod clock;
mod entropy;
mod eventually;
mod folder;
mod ports;
mod program;
mod readiness;
pub mod servers;
mod wrong_clock;

pub use chaos_proxy::ChaosProxy;
pub use clock::MockClock;
pub use entropy::SeededEntropy;
pub use eventually::eventually;
pub use folder::TestFolder;
pub use ports::{PortBlock, free_ports};
pub use program::{Program, ProgramBuilder, built_program};
pub use wrong_clock::WrongClock;

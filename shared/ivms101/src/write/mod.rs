//! Strict writers, one for each dialect: `write::verify_vasp::party(…)`.

mod object;
pub mod verify_vasp;

//! What the interface says of risk assessments: the same in answers, in the history and in callbacks.

mod kyt;
mod sanction;
mod wco;

pub use kyt::{ChainalysisKyt, ChainalysisKytAlert};
pub use sanction::ChainalysisSanction;
pub use wco::RefinitivWorldCheckOne;

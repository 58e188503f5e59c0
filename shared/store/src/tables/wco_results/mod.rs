//! What World-Check One was asked, and said, over all persons of a request: `refinitiv_wco_results`.
//!
//! Leased as KYT requests are: see [`kyt_results`](super::kyt_results).

mod insert;
mod lease;
mod row;
mod settle;

pub use insert::{NewWco, insert};
pub use lease::{claim, due, find, take_over};
pub use row::WcoRow;
pub use settle::{Screened, failed, later, registered, released, renew, screened};

//! What Chainalysis KYT was asked, and said: `chainalysis_kyt_results`.
//!
//! Whoever works on a row leases it: `worker_id` names the worker, `due_at` is the end of the lease. Every change is
//! guarded by the worker's name, so that one that was too slow changes nothing any more.

mod insert;
mod lease;
mod row;
mod settle;

pub use insert::{NewKyt, insert, sharable};
pub use lease::{claim, due, find, take_over};
pub use row::KytRow;
pub use settle::{Assessed, Registered, assessed, failed, later, looked_again, registered, released};

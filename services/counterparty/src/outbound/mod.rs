//! What our own side asks and tells other members.

mod account_check;
mod ending;
mod expiry_notice;
mod fetch_key;
mod inquiry;
mod judge_answer;
mod load;
mod question;
mod record_answer;
mod report_error;
mod report_transaction;
mod reports;
mod start;
mod stranded;
mod verify;

pub use ending::SealedEnding;
pub use judge_answer::{UnusableAnswer, judge_answer};
pub use record_answer::{Recorded, record_answer};
pub(crate) use start::start;
pub(crate) use stranded::end_stranded;

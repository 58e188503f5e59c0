//! What other members ask and tell us, by honest members and by others.

mod accounts;
mod answering;
mod answers;
mod backend;
mod expiries;
mod fixture;
mod hostile;
mod house;
mod inquiries;
mod keys;
mod letter;
mod member;
mod replays;
mod reports;
mod screening;
mod self_flow;
mod setup;
mod stub_keys;
mod traces;
mod verifications;

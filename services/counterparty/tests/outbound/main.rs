//! Our side of the conversation, against a peer that speaks the protocol, well or badly.

mod account_check;
mod fake_peer;
mod fixture;
mod health;
mod house;
mod identity_keys;
mod inquiry_and_keys;
mod isolation;
mod question;
mod reports;
mod screening;
mod self_flow;
mod stranded;
mod stub_keys;
mod untrusted_answers;

//! The whole system, from outside: real programs, real ports, nothing replaced but the backends.

mod account;
mod answers;
mod command_line;
mod directions;
mod faulty_backends;
mod hostile;
mod idempotency;
mod listing;
mod members;
mod operation;
mod operators;
mod readme;
mod reports;
mod secrecy;
mod settings;
mod withdrawal;

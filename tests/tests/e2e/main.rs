//! The whole system, from outside: real programs, real ports, nothing replaced but the backends.

mod account;
mod answers;
mod callbacks;
mod command_line;
mod deadlines;
mod directions;
mod directory;
mod directory_commands;
mod faulty_backends;
mod hostile;
mod hostile_members;
mod idempotency;
mod listing;
mod members;
mod operation;
mod operators;
mod readme;
mod reports;
mod secrecy;
mod settings;
mod slow_callers;
mod withdrawal;

//! Two separate nodes that die, and the line between them that breaks: what was accepted ends once, and alike on both
//! sides.

mod broken_lines;
mod consistency;
mod failpoints;
mod random_kills;
mod withdrawals;

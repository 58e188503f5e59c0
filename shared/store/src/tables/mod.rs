//! The tables, one module each. Functions take the transaction they are part of.

pub mod api_keys;
pub mod audit;
pub mod callback_deliveries;
pub mod clock;
pub mod commands;
pub mod counter_party_keys;
pub mod facts;
pub mod idempotency;
pub mod keyring;
pub mod leases;
pub mod member_health;
pub mod open_breakers;
pub mod own_keys;
pub mod received_messages;
pub mod replicas;
pub mod sealed;
pub mod sizes;
pub mod verifications;

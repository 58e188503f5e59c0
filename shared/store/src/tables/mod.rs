//! The tables, one module each. Functions take the transaction they are part of.

pub mod api_keys;
pub mod audit;
pub mod callback_deliveries;
pub mod clock;
pub mod commands;
pub mod counter_party_keys;
pub mod facts;
pub mod history;
pub mod idempotency;
pub mod keyring;
pub mod kyt_alerts;
pub mod kyt_results;
pub mod leases;
pub mod member_health;
pub mod open_breakers;
pub mod own_keys;
pub mod received_messages;
pub mod replicas;
pub mod sanction_results;
pub mod sealed;
pub mod sizes;
pub mod vendor_limits;
pub mod verifications;
pub mod wco_cases;
pub mod wco_results;

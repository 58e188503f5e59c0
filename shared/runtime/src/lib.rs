//! Start-up, settings, telemetry, HTTP server, graceful shutdown.
#![deny(missing_docs)]

pub mod settings;

//! Start-up, settings, telemetry, HTTP server, graceful shutdown.
#![deny(missing_docs)]

mod clock;
mod entropy;
mod failpoint;
pub mod http;
pub mod lifecycle;
pub mod settings;
mod telemetry;
mod traceparent;

pub use clock::SystemClock;
pub use entropy::SystemEntropy;
pub use failpoint::failpoint;
pub use lifecycle::{Shutdown, TaskGroup};
pub use telemetry::{TelemetryError, start_telemetry};
pub use traceparent::{Traceparent, TraceparentError};

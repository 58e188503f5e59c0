//! Start-up, settings, telemetry, HTTP server, graceful shutdown.

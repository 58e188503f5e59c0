//! Logs to standard error, as text for people or as JSON for machines.

use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::settings::TelemetrySettings;

static STARTED: OnceLock<()> = OnceLock::new();

/// Log settings that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the log level is neither a level nor filter directives")]
pub struct TelemetryError;

/// Starts logging for the whole process. Later calls change nothing, so that tests may all call it.
///
/// # Errors
/// When the log level cannot be read; settings that were loaded have been checked for it.
pub fn start_telemetry(settings: &TelemetrySettings) -> Result<(), TelemetryError> {
    let filter = filter(&settings.log_level)?;
    STARTED.get_or_init(|| {
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // A subscriber that a test has set before stays.
        let _ = if settings.log_format == "json" {
            builder.json().flatten_event(true).try_init()
        } else {
            builder.with_ansi(false).try_init()
        };
        std::panic::set_hook(Box::new(log_panic));
    });
    Ok(())
}

/// A level more talkative than `info` is for our own modules: libraries then log URLs and SQL.
fn filter(level: &str) -> Result<EnvFilter, TelemetryError> {
    let directives = match level.parse::<LevelFilter>() {
        Ok(level) if level > LevelFilter::INFO => format!("info,waybill={level}"),
        _ => level.to_owned(),
    };
    EnvFilter::try_new(directives).map_err(|_| TelemetryError)
}

/// Only where it happened: the message of a panic may repeat what the program was working on.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a task panicked");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talkative_levels_are_for_our_modules() {
        for (level, directives) in [
            ("off", "off"),
            ("warn", "warn"),
            ("info", "info"),
            ("debug", "waybill=debug,info"),
            ("TRACE", "waybill=trace,info"),
            ("warn,hyper=trace", "hyper=trace,warn"),
        ] {
            assert_eq!(filter(level).unwrap().to_string(), directives, "{level}");
        }
        assert!(filter("a=b=c").is_err());
    }

    #[test]
    fn starting_twice_is_harmless() {
        let settings = TelemetrySettings::default();
        assert!(start_telemetry(&settings).is_ok());
        assert!(start_telemetry(&settings).is_ok());
    }
}

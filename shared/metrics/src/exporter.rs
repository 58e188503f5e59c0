//! Gathers the figures of a process and writes them for Prometheus.

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::catalogue::{
    ALL, CALLBACK_AGE, COMMAND_DURATION, EGRESS_DURATION, Kind, VENDOR_TURN_WAIT, VERIFICATION_DURATION,
};

/// Requests and database work, in seconds.
const QUICK: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// What goes to others.
const CALLS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];
/// What may wait for people, or for days.
const LONG: &[f64] =
    &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 600.0, 3600.0, 14400.0, 86400.0];

/// The figures of this process. Cheap to clone.
#[derive(Clone)]
pub struct Exporter(PrometheusHandle);

/// The figures cannot be gathered.
#[derive(Debug, thiserror::Error)]
pub enum ExporterError {
    /// Never: the buckets are constants.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Somebody in this process gathers them already.
    #[error("the figures of this process are gathered already")]
    Twice,
}

impl Exporter {
    /// Starts to gather what this process counts and measures from now on. Once in a process.
    ///
    /// # Errors
    /// [`ExporterError::Twice`].
    pub fn install() -> Result<Self, ExporterError> {
        let recorder = builder()?.build_recorder();
        let exporter = Self(recorder.handle());
        metrics::set_global_recorder(recorder).map_err(|_| ExporterError::Twice)?;
        describe();
        Ok(exporter)
    }

    /// Everything in the text format of Prometheus, version 0.0.4.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds what was measured since the last call; to be called every few seconds, or memory grows until the next
    /// scrape.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let full = |name: &str| Matcher::Full(name.to_owned());
    PrometheusBuilder::new()
        .set_buckets(QUICK)?
        .set_buckets_for_metric(full(EGRESS_DURATION.name), CALLS)?
        .set_buckets_for_metric(full(COMMAND_DURATION.name), CALLS)?
        .set_buckets_for_metric(full(VENDOR_TURN_WAIT.name), CALLS)?
        .set_buckets_for_metric(full(VERIFICATION_DURATION.name), LONG)?
        .set_buckets_for_metric(full(CALLBACK_AGE.name), LONG)
}

fn describe() {
    for metric in ALL {
        match metric.kind {
            Kind::Counter => describe_counter!(metric.name, metric.meaning),
            Kind::Gauge => describe_gauge!(metric.name, metric.meaning),
            Kind::Histogram => describe_histogram!(metric.name, metric.meaning),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::*;

    #[test]
    fn everything_is_written_as_the_catalogue_says() {
        let recorder = builder().unwrap().build_recorder();
        let exporter = Exporter(recorder.handle());
        let moment = Duration::from_millis(20);
        metrics::with_local_recorder(&recorder, || {
            describe();
            command_kind("VERIFY");
            command_worked("VERIFY", "done", moment);
            leases_expired(1, 0);
            waiting("VERIFY", Waiting { due: 3, overdue: moment, ..Waiting::default() });
            queue_messages("VERIFY", 2);
            verification_ended("originator", "VERIFIED", moment);
            callback_attempted("delivered");
            callback_delivered(moment);
            callback_given_up(0);
            called("vasp:1", "2xx", moment);
            breaker("vasp:1", true);
            vendor_turn("chainalysis-kyt", "taken");
            vendor_turn_waited("chainalysis-kyt", moment);
            vendor_paused("chainalysis-kyt");
            poller_looked("kyt");
            poller_rows("kyt", "worked", 2);
            poller_due("kyt", 3, moment);
            screening_ended("chainalysis-kyt", "PROCESSED");
            member("1".to_owned(), true);
            answered("ingress", "BREW", "/v1/vasps", 405, moment);
            database_up(true);
            database_worked("read", "a::b", moment, false);
            broker_up(false);
            directory(1.0, 2.0);
            started(3.5, "0.1.0", "run");
        });
        let text = exporter.render();
        for metric in ALL {
            let kind = format!("# TYPE {} {}\n", metric.name, metric.kind.as_str());
            assert!(text.contains(&kind), "{kind}{text}");
            assert!(text.contains(&format!("# HELP {} ", metric.name)), "{}", metric.name);
        }
        assert_eq!(text.matches("# TYPE").count(), ALL.len());
        for line in [
            "waybill_commands_waiting{kind=\"VERIFY\"} 3",
            "waybill_commands_overdue_seconds{kind=\"VERIFY\"} 0.02",
            "waybill_commands_total{kind=\"VERIFY\",outcome=\"done\"} 1",
            "waybill_commands_total{kind=\"VERIFY\",outcome=\"dead\"} 0",
            "waybill_command_duration_seconds_bucket{kind=\"VERIFY\",le=\"0.025\"} 1",
            "waybill_command_duration_seconds_bucket{kind=\"VERIFY\",le=\"0.01\"} 0",
            "waybill_vendor_turns_total{limit=\"chainalysis-kyt\",outcome=\"taken\"} 1",
            "waybill_poller_rows_total{poller=\"kyt\",outcome=\"worked\"} 2",
            "waybill_egress_breaker_open{destination=\"vasp:1\"} 1",
            "waybill_http_requests_total{api=\"ingress\",method=\"other\",route=\"/v1/vasps\",status=\"405\"} 1",
        ] {
            assert!(text.lines().any(|there| there == line), "{line}\n{text}");
        }
    }
}

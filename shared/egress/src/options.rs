//! Settings of the client.

use std::time::Duration;

/// How the client treats destinations. The defaults suit calls that take between milliseconds and seconds.
#[derive(Debug, Clone)]
pub struct EgressOptions {
    /// Calls at a time to one destination. Default 16.
    pub concurrency: usize,
    /// How long a call may wait for one of them to end before it is `Busy`. Default 100 ms.
    pub wait_for_permit: Duration,
    /// Failures in a row that open a destination's circuit breaker. Default 5.
    pub failures_to_open: u32,
    /// How long the breaker stays open at first; doubled each time the probe fails. Default 1 s.
    pub open_for: Duration,
    /// The longest it stays open by itself. Default 60 s.
    pub open_at_most: Duration,
    /// The same for destinations of the operator, the first pause included: one question on which the backend fails
    /// again and again must not keep all others from it. Default 5 s.
    pub operator_open_at_most: Duration,
    /// The longest a destination's `Retry-After` is obeyed. Default 10 min.
    pub retry_after_at_most: Duration,
    /// How long a connection may take, TLS included. Default 5 s.
    pub connect_timeout: Duration,
    /// How long an unused connection is kept; shorter than servers keep theirs. Default 20 s.
    pub idle_timeout: Duration,
    /// Certificates (PEM) to trust besides the system's, for a backend with a private authority.
    pub extra_roots_pem: Vec<u8>,
}

impl Default for EgressOptions {
    fn default() -> Self {
        Self {
            concurrency: 16,
            wait_for_permit: Duration::from_millis(100),
            failures_to_open: 5,
            open_for: Duration::from_secs(1),
            open_at_most: Duration::from_secs(60),
            operator_open_at_most: Duration::from_secs(5),
            retry_after_at_most: Duration::from_secs(600),
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(20),
            extra_roots_pem: Vec::new(),
        }
    }
}

impl EgressOptions {
    /// No pause is longer, whoever asked for it.
    pub fn longest_pause(&self) -> Duration {
        let own = self.open_at_most.max(self.open_for);
        self.retry_after_at_most.max(own + own / 4) // pauses are spread over a quarter
    }

    /// The options as they hold for destinations of the operator.
    pub(crate) fn of_operator(&self) -> Self {
        let most = self.operator_open_at_most;
        Self { open_for: self.open_for.min(most), open_at_most: self.open_at_most.min(most), ..self.clone() }
    }
}

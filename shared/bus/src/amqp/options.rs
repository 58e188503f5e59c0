//! How the broker is reached and used.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

/// RabbitMQ, 3.10 or later.
#[derive(Debug, Clone)]
pub struct AmqpOptions {
    /// `amqp://user:password@host:port/vhost`, or `amqps://…`.
    pub url: SecretString,
    /// Certificates of authorities in PEM, beside those of the system, for `amqps`.
    pub tls_ca: Option<PathBuf>,
    /// Begins the name of every queue: nodes of different VASPs can share a broker.
    pub prefix: String,
    /// Whether queues are made where they are missing. Else they must be there.
    pub declare: bool,
    /// Messages that wait for the broker's confirmation at once, at the most.
    pub window: usize,
    /// How long a confirmation may take. What was not confirmed by then is published again.
    pub confirm_timeout: Duration,
    /// Messages in one queue, at the most: further ones wait in the database.
    pub max_length: u32,
    /// How often the broker hands out one message before it gives it up. The last safety net: attempts are counted in
    /// the database.
    pub delivery_limit: u32,
    /// A command that was published this long ago and is not in its queue any more is published again.
    pub lost_after: Duration,
    /// What operators see as the connection's name.
    pub name: String,
}

impl AmqpOptions {
    /// The usual ones for a broker.
    pub fn at(url: SecretString) -> Self {
        Self {
            url,
            tls_ca: None,
            prefix: "waybill".to_owned(),
            declare: true,
            window: 256,
            confirm_timeout: Duration::from_secs(10),
            max_length: 100_000,
            delivery_limit: 20,
            lost_after: Duration::from_secs(30),
            name: "waybill".to_owned(),
        }
    }
}

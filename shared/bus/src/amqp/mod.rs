//! The bus over RabbitMQ. The table `commands` stays the truth; the broker carries the ids of commands to whoever
//! works on them, and requests to whoever answers them. Two connections: a broker that runs out of memory or disk stops
//! those who publish, not those who consume.

mod answerer;
mod asker;
mod back_off;
mod broker;
mod consumer;
mod dead;
mod envelope;
mod link;
mod options;
mod publisher;
mod relay;
mod topology;
mod trouble;

pub(crate) use broker::Broker;
pub use options::AmqpOptions;

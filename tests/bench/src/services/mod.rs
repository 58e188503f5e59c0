//! Services as processes of their own, over RabbitMQ.

pub mod figures;
pub mod isolation;
mod outage;
pub mod scale;
mod spent;
pub mod system;

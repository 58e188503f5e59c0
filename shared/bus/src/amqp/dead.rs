//! What the broker gave up goes into the database, where operators find it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::Connection;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use tokio_util::sync::CancellationToken;
use waybill_store::StoreError;
use waybill_store::tables::commands;

use super::back_off::BackOff;
use super::link::Link;
use super::trouble::Trouble;
use super::{AmqpOptions, envelope, topology};
use crate::shared::Shared;

const AT_ONCE: u16 = 16;
const AFTER_FAILURE: Duration = Duration::from_secs(1);

pub(crate) struct DeadLetters {
    pub(crate) shared: Arc<Shared>,
    pub(crate) link: Link,
    pub(crate) options: AmqpOptions,
}

impl DeadLetters {
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let work = async {
            let mut pauses = BackOff::default();
            while let Some(connection) = self.link.connection().await {
                if let Err(error) = self.session(&connection, &mut pauses).await {
                    tracing::warn!(%error, "taking dead letters was interrupted");
                }
                tokio::time::sleep(pauses.next(&*self.shared.entropy)).await;
            }
        };
        // What is cut off here is not acknowledged and comes again.
        tokio::select! {
            () = work => {}
            () = stopping.cancelled() => {}
        }
    }

    async fn session(&self, connection: &Connection, pauses: &mut BackOff) -> Result<(), Trouble> {
        topology::provide_dead(connection, &self.options).await?;
        let queue = topology::dead(&self.options);
        let channel = connection.create_channel().await?;
        channel.basic_qos(AT_ONCE, BasicQosOptions::default()).await?;
        let mut messages = channel
            .basic_consume(
                queue.as_str().into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        while let Some(message) = messages.next().await {
            let message = message?;
            pauses.reset();
            self.write_down(&message).await;
            message.ack(BasicAckOptions::default()).await?;
        }
        Err(Trouble::Cancelled(queue))
    }

    /// Tries until it is written.
    async fn write_down(&self, message: &Delivery) {
        let reason = envelope::reason_of_death(message);
        let Some(id) = envelope::command_id(message) else {
            tracing::error!(
                alarm = "dead-letter",
                reason,
                "the broker gave up a message that names no command"
            );
            return;
        };
        tracing::error!(alarm = "dead-letter", %id, reason, "the broker gave up a command");
        waybill_metrics::dead_letters("unknown", "broker", 1);
        let why = format!("the broker gave it up: {reason}");
        loop {
            let work = self.shared.store.write("commands::give_up", (id, why.clone()), |tx, (id, why)| {
                Box::pin(commands::give_up(tx, *id, why))
            });
            match work.await {
                Ok(_) => return,
                Err::<_, StoreError>(error) => {
                    self.shared.tell(&error, None, "a dead letter could not be written down");
                }
            }
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}

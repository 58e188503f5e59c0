//! Answers requests of one kind from other processes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
    QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use waybill_domain::Fault;
use waybill_runtime::Traceparent;

use super::back_off::BackOff;
use super::link::Link;
use super::trouble::Trouble;
use super::{AmqpOptions, envelope, topology};
use crate::refusal;
use crate::requests::LocalRequests;
use crate::shared::Shared;

const PULSE: Duration = Duration::from_secs(1);
/// For a question that does not say how long its asker waits.
const LONGEST: Duration = Duration::from_secs(30);

pub(crate) struct Answerer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) requests: LocalRequests,
    pub(crate) kind: &'static str,
    pub(crate) concurrency: usize,
    pub(crate) publishing: Link,
    pub(crate) consuming: Link,
    pub(crate) options: AmqpOptions,
}

impl Answerer {
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let answerer = Arc::new(self);
        let mut pauses = BackOff::default();
        while !stopping.is_cancelled() {
            let connections =
                async { (answerer.publishing.connection().await, answerer.consuming.connection().await) };
            let (publishing, consuming) = tokio::select! {
                connections = connections => connections,
                () = stopping.cancelled() => return,
            };
            let (Some(publishing), Some(consuming)) = (publishing, consuming) else { return };
            match answerer.session(&publishing, &consuming, &stopping, &mut pauses).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(kind = answerer.kind, %error, "answering was interrupted"),
            }
            tokio::select! {
                () = tokio::time::sleep(pauses.next(&*answerer.shared.entropy)) => {}
                () = stopping.cancelled() => return,
            }
        }
    }

    async fn session(
        self: &Arc<Self>,
        publishing: &Connection,
        consuming: &Connection,
        stopping: &CancellationToken,
        pauses: &mut BackOff,
    ) -> Result<(), Trouble> {
        let replies = publishing.create_channel().await?;
        let channel = consuming.create_channel().await?;
        let queue = topology::requests(&self.options, self.kind);
        // Durable only because brokers from 4.x on take no other kind that is shared.
        let passing = QueueDeclareOptions { auto_delete: true, ..QueueDeclareOptions::durable() };
        channel.queue_declare(queue.as_str().into(), passing, topology::expiring()).await?;
        let prefetch = u16::try_from(self.concurrency.max(1)).unwrap_or(u16::MAX);
        channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
        let consume = BasicConsumeOptions::default();
        let mut messages =
            channel.basic_consume(queue.as_str().into(), "".into(), consume, FieldTable::default()).await?;
        let working = TaskTracker::new();
        let mut pulse = tokio::time::interval(PULSE);
        pauses.reset();
        loop {
            let message = tokio::select! {
                message = messages.next() => message.ok_or_else(|| Trouble::Cancelled(queue.clone()))??,
                // Answers go out on the other connection, whose end is not told on this one.
                _ = pulse.tick() => {
                    if replies.status().connected() {
                        continue;
                    }
                    return Err(Trouble::Cancelled("answers".to_owned()));
                }
                () = stopping.cancelled() => break,
            };
            let (answerer, replies) = (Arc::clone(self), replies.clone());
            working.spawn(async move { answerer.answer(message, &replies).await });
        }
        // Nobody asks us any more. Closing gives back what was not begun: another process answers it.
        channel.basic_cancel(messages.tag(), BasicCancelOptions::default()).await?;
        working.close();
        working.wait().await;
        channel.close(200, "the service ends".into()).await?;
        Ok(())
    }

    async fn answer(&self, message: Delivery, replies: &Channel) {
        let deadline = envelope::deadline(&message).unwrap_or(LONGEST);
        let answered = self.requests.answer(self.kind, &message.data);
        // Sending takes its time as well, where the broker takes no messages.
        let answered =
            tokio::time::timeout(deadline, async { reply(&message, answered.await, replies).await });
        let trace = envelope::traceparent(&message).and_then(|text| text.parse::<Traceparent>().ok());
        let answered = match trace {
            Some(cause) => cause.next(&*self.shared.entropy).scope(answered).await,
            None => answered.await,
        };
        // Past the deadline nobody waits.
        if let Ok(Err(error)) = answered {
            tracing::warn!(kind = self.kind, %error, "an answer could not be sent");
        }
        if let Err(error) = message.ack(BasicAckOptions::default()).await {
            tracing::debug!(%error, "a request could not be acknowledged");
        }
    }
}

async fn reply(
    message: &Delivery,
    answered: Result<Vec<u8>, Fault>,
    replies: &Channel,
) -> Result<(), lapin::Error> {
    let (Some(to), Some(correlation)) = (message.properties.reply_to(), message.properties.correlation_id())
    else {
        return Ok(()); // nobody of ours asked
    };
    let (body, refused) = match answered {
        Ok(answer) => (answer, false),
        Err(fault) => (refusal::write(&fault), true),
    };
    let properties = envelope::of_answer(correlation.as_str(), refused);
    replies.basic_publish("".into(), to.clone(), BasicPublishOptions::default(), &body, properties).await?;
    Ok(())
}

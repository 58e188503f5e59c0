//! Asks services in other processes and takes their answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Confirmation, Connection};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use waybill_domain::{Fault, codes};
use waybill_runtime::Traceparent;

use super::back_off::BackOff;
use super::link::Link;
use super::trouble::Trouble;
use super::{AmqpOptions, envelope, topology};
use crate::refusal;
use crate::shared::Shared;

/// Both connections are needed: a broker that takes no messages still gives some.
pub(crate) struct Asker {
    shared: Arc<Shared>,
    publishing: Link,
    options: AmqpOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    session: Option<Session>,
    waiting: HashMap<String, oneshot::Sender<Delivery>>,
}

#[derive(Clone)]
struct Session {
    channel: Channel,
    answers: String,
}

impl Asker {
    pub(crate) fn new(shared: Arc<Shared>, publishing: Link, options: AmqpOptions) -> Arc<Self> {
        Arc::new(Self { shared, publishing, options, state: Mutex::default() })
    }

    /// Asks; the answer as bytes.
    pub(crate) async fn ask(&self, kind: &str, body: &[u8], deadline: Duration) -> Result<Vec<u8>, Fault> {
        match tokio::time::timeout(deadline, self.ask_patiently(kind, body, deadline)).await {
            Ok(answer) => answer,
            Err(_) => Err(codes::request_timeout()),
        }
    }

    async fn ask_patiently(&self, kind: &str, body: &[u8], deadline: Duration) -> Result<Vec<u8>, Fault> {
        let correlation = self.shared.token();
        let (answered, answer) = oneshot::channel();
        let _forget = Forget(self, &correlation);
        let session = self.with_state(|state| {
            let session = state.session.clone()?;
            state.waiting.insert(correlation.clone(), answered);
            Some(session)
        });
        let Some(session) = session.filter(|_| self.publishing.is_open()) else {
            return Err(codes::service_unavailable());
        };
        let traceparent = Traceparent::current().map(|trace| trace.to_string());
        let properties =
            envelope::of_request(kind, &correlation, &session.answers, deadline, traceparent.as_deref());
        let queue = topology::requests(&self.options, kind);
        let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let publish = session.channel.basic_publish("".into(), queue.into(), mandatory, body, properties);
        let confirmed = async { publish.await?.await };
        match confirmed.await {
            Ok(Confirmation::Ack(None)) => {}
            // The queue goes with its last consumer: nobody answers this kind.
            Ok(_) => return Err(codes::service_unavailable()),
            Err(error) => {
                tracing::warn!(kind, %error, "a service could not be asked");
                return Err(codes::service_unavailable());
            }
        }
        // The session ended: whether the question was answered is unknown.
        let answer = answer.await.map_err(|_| codes::service_unavailable())?;
        if envelope::is_refusal(&answer) { Err(refusal::read(&answer.data)) } else { Ok(answer.data) }
    }

    /// Keeps up what is needed to ask.
    pub(crate) async fn run(self: Arc<Self>, consuming: Link, stopping: CancellationToken) {
        let work = async {
            let mut pauses = BackOff::default();
            while let (Some(publishing), Some(consuming)) =
                (self.publishing.connection().await, consuming.connection().await)
            {
                if let Err(error) = self.session(&publishing, &consuming, &mut pauses).await {
                    tracing::debug!(%error, "asking was interrupted");
                }
                self.with_state(|state| {
                    state.session = None;
                    state.waiting.clear(); // nobody will answer them
                });
                tokio::time::sleep(pauses.next(&*self.shared.entropy)).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = stopping.cancelled() => {}
        }
    }

    async fn session(
        &self,
        publishing: &Connection,
        consuming: &Connection,
        pauses: &mut BackOff,
    ) -> Result<(), Trouble> {
        let inbox = consuming.create_channel().await?;
        let answers = topology::answers(&self.options, &self.shared.token());
        let exclusive =
            QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
        inbox.queue_declare(answers.as_str().into(), exclusive, FieldTable::default()).await?;
        let no_ack = BasicConsumeOptions { no_ack: true, exclusive: true, ..BasicConsumeOptions::default() };
        let mut messages =
            inbox.basic_consume(answers.as_str().into(), "".into(), no_ack, FieldTable::default()).await?;
        let channel = publishing.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let asking = channel.clone();
        self.with_state(|state| state.session = Some(Session { channel, answers: answers.clone() }));
        pauses.reset();
        let mut pulse = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.deliver(message?),
                    None => return Err(Trouble::Cancelled(answers)),
                },
                _ = pulse.tick() => if !asking.status().connected() {
                    return Err(Trouble::Cancelled("asking".to_owned()));
                },
            }
        }
    }

    fn deliver(&self, answer: Delivery) {
        let correlation = answer.properties.correlation_id().as_ref().map(ToString::to_string);
        let asker =
            correlation.and_then(|correlation| self.with_state(|state| state.waiting.remove(&correlation)));
        match asker {
            Some(asker) => drop(asker.send(answer)),
            None => tracing::debug!("an answer came too late"),
        }
    }

    fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Forgets a question when nobody waits for its answer any more.
struct Forget<'a>(&'a Asker, &'a str);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.0.with_state(|state| state.waiting.remove(self.1));
    }
}

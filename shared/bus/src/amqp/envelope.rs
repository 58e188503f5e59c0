//! What stands on a message: ids and the trace, never personal data.

use std::time::Duration;

use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};
use waybill_domain::CommandId;

const PERSISTENT: u8 = 2;
const TRANSIENT: u8 = 1;
const TRACEPARENT: &str = "traceparent";
const DEADLINE: &str = "x-deadline-ms";
/// The type of an answer that is a refusal.
const REFUSAL: &str = "refusal";

/// The body of its message is the command's id.
pub(crate) fn of_command(id: CommandId, kind: &str, traceparent: Option<&str>) -> BasicProperties {
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("text/plain".into())
        .with_app_id("waybill".into())
        .with_message_id(id.to_string().into())
        .with_type(kind.into())
        .with_headers(traced(traceparent))
}

/// The command that a message is about.
pub(crate) fn command_id(delivery: &Delivery) -> Option<CommandId> {
    std::str::from_utf8(&delivery.data).ok()?.parse().ok().map(CommandId::new)
}

/// A question: dropped by the broker when nobody took it by the deadline.
pub(crate) fn of_request(
    kind: &str,
    correlation: &str,
    answers: &str,
    deadline: Duration,
    traceparent: Option<&str>,
) -> BasicProperties {
    let millis = deadline.as_millis().min(u128::from(u32::MAX));
    let mut headers = traced(traceparent);
    headers.insert(DEADLINE.into(), AMQPValue::LongLongInt(i64::try_from(millis).unwrap_or(i64::MAX)));
    BasicProperties::default()
        .with_delivery_mode(TRANSIENT)
        .with_content_type("application/json".into())
        .with_app_id("waybill".into())
        .with_type(kind.into())
        .with_correlation_id(correlation.into())
        .with_reply_to(answers.into())
        .with_expiration(millis.to_string().into())
        .with_headers(headers)
}

/// How long the asker waits.
pub(crate) fn deadline(delivery: &Delivery) -> Option<Duration> {
    match delivery.properties.headers().as_ref()?.inner().get(DEADLINE)? {
        AMQPValue::LongLongInt(millis) => u64::try_from(*millis).ok().map(Duration::from_millis),
        _ => None,
    }
}

/// An answer.
pub(crate) fn of_answer(correlation: &str, refusal: bool) -> BasicProperties {
    BasicProperties::default()
        .with_delivery_mode(TRANSIENT)
        .with_content_type("application/json".into())
        .with_type(if refusal { REFUSAL } else { "answer" }.into())
        .with_correlation_id(correlation.into())
}

/// Whether an answer is a refusal.
pub(crate) fn is_refusal(delivery: &Delivery) -> bool {
    delivery.properties.kind().as_ref().is_some_and(|kind| kind.as_str() == REFUSAL)
}

/// The trace of the cause.
pub(crate) fn traceparent(delivery: &Delivery) -> Option<String> {
    match delivery.properties.headers().as_ref()?.inner().get(TRACEPARENT)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Why the broker gave a message up.
pub(crate) fn reason_of_death(delivery: &Delivery) -> String {
    let headers = delivery.properties.headers();
    let reason = headers.as_ref().and_then(|headers| headers.inner().get("x-first-death-reason"));
    match reason {
        Some(AMQPValue::LongString(reason)) => reason.to_string(),
        _ => "unknown".to_owned(),
    }
}

fn traced(traceparent: Option<&str>) -> FieldTable {
    let mut headers = FieldTable::default();
    if let Some(traceparent) = traceparent {
        headers.insert(TRACEPARENT.into(), AMQPValue::LongString(traceparent.into()));
    }
    headers
}

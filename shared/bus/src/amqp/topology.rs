//! The queues on the broker. All are reached through the default exchange, by their names.
//!
//! | queue | kind | holds |
//! |---|---|---|
//! | `{prefix}.{KIND}` | quorum | ids of commands of that kind |
//! | `{prefix}.dead` | quorum | what the broker gave up |
//! | `{prefix}.ask.{KIND}` | classic, gone with its last consumer | requests, until their deadline |
//! | `{prefix}.answers.{token}` | classic, exclusive | answers for one process |

use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Connection, ErrorKind};

use super::AmqpOptions;
use super::trouble::Trouble;

const NOT_FOUND: u16 = 404;
const PRECONDITION_FAILED: u16 = 406;
/// For so long a queue of requests stays that nobody takes from.
const UNUSED_MS: i64 = 60_000;

/// The queue of a kind of command.
pub(crate) fn commands(options: &AmqpOptions, kind: &str) -> String {
    format!("{}.{kind}", options.prefix)
}

/// The queue of what the broker gave up.
pub(crate) fn dead(options: &AmqpOptions) -> String {
    format!("{}.dead", options.prefix)
}

/// The queue of a kind of request.
pub(crate) fn requests(options: &AmqpOptions, kind: &str) -> String {
    format!("{}.ask.{kind}", options.prefix)
}

/// The queue of the answers for one process.
pub(crate) fn answers(options: &AmqpOptions, token: &str) -> String {
    format!("{}.answers.{token}", options.prefix)
}

/// Sees to it that the queue of a kind of command is there; gives how many messages wait in it.
pub(crate) async fn provide_commands(
    connection: &Connection,
    options: &AmqpOptions,
    kind: &str,
) -> Result<u32, Trouble> {
    let queue = commands(options, kind);
    let mut arguments = quorum();
    arguments.insert("x-delivery-limit".into(), number(options.delivery_limit));
    arguments.insert("x-dead-letter-exchange".into(), text(""));
    arguments.insert("x-dead-letter-routing-key".into(), text(&dead(options)));
    arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
    arguments.insert("x-overflow".into(), text("reject-publish"));
    arguments.insert("x-max-length".into(), number(options.max_length));
    provide(connection, options, &queue, arguments).await
}

/// Sees to it that the queue of what was given up is there.
pub(crate) async fn provide_dead(connection: &Connection, options: &AmqpOptions) -> Result<u32, Trouble> {
    provide(connection, options, &dead(options), quorum()).await
}

/// How many messages wait in the queue of a kind of command, none when there is no queue. Those that a worker was
/// handed are not among them.
pub(crate) async fn waiting(
    connection: &Connection,
    options: &AmqpOptions,
    kind: &str,
) -> Result<u32, Trouble> {
    match check(connection, &commands(options, kind)).await {
        Err(Trouble::Missing { .. }) => Ok(0),
        counted => counted,
    }
}

async fn provide(
    connection: &Connection,
    options: &AmqpOptions,
    queue: &str,
    arguments: FieldTable,
) -> Result<u32, Trouble> {
    if options.declare {
        declare(connection, queue, QueueDeclareOptions::durable(), arguments).await
    } else {
        check(connection, queue).await
    }
}

async fn check(connection: &Connection, queue: &str) -> Result<u32, Trouble> {
    let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::durable() };
    declare(connection, queue, passive, FieldTable::default()).await
}

/// On a channel of its own: a refusal closes it.
async fn declare(
    connection: &Connection,
    queue: &str,
    how: QueueDeclareOptions,
    arguments: FieldTable,
) -> Result<u32, Trouble> {
    let channel = connection.create_channel().await?;
    match channel.queue_declare(queue.into(), how, arguments).await {
        Ok(declared) => {
            channel.close(200, "declared".into()).await?;
            Ok(declared.message_count())
        }
        Err(error) => Err(explained(queue, error)),
    }
}

fn explained(queue: &str, error: lapin::Error) -> Trouble {
    let (code, said) = match error.kind() {
        ErrorKind::ProtocolError(refusal) => (refusal.get_id(), refusal.get_message().to_string()),
        _ => return error.into(),
    };
    let queue = queue.to_owned();
    let problem = match code {
        NOT_FOUND => return Trouble::Missing { queue },
        PRECONDITION_FAILED => format!(
            "exists with other properties; delete it when it is empty, or set bus.declare = false and see to it that \
             they fit: {said}"
        ),
        _ => said,
    };
    Trouble::Queue { queue, problem }
}

/// For a queue that goes with its last consumer: also when that died together with the broker, and nobody noticed.
pub(crate) fn expiring() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-expires".into(), AMQPValue::LongLongInt(UNUSED_MS));
    arguments
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments
}

fn text(text: &str) -> AMQPValue {
    AMQPValue::LongString(text.into())
}

fn number(number: u32) -> AMQPValue {
    AMQPValue::LongLongInt(number.into())
}

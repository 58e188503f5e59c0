//! Arguments of statements.

use std::borrow::Cow;

use waybill_domain::{CommandId, Timestamp, VaspId, VerificationUuid, truncate_to_millis};

/// One argument.
#[derive(Clone)]
pub(crate) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(i64),
}

/// A list of arguments: `values![uuid, &name, 3_i64]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// The stored form of times.
pub(crate) fn time_text(at: Timestamp) -> String {
    truncate_to_millis(at).format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(flag.into())
    }
}

/// A hundred years. Added to the present it stays a time that every database can write; much more gives NULL.
const LONGEST_MS: i64 = 100 * 365 * 24 * 3_600_000;

impl From<std::time::Duration> for Value<'_> {
    /// Milliseconds, a hundred years at the most.
    fn from(duration: std::time::Duration) -> Self {
        Self::Int(i64::try_from(duration.as_millis()).map_or(LONGEST_MS, |ms| ms.min(LONGEST_MS)))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Text(Cow::Owned(time_text(at)))
    }
}

impl From<VaspId> for Value<'_> {
    fn from(id: VaspId) -> Self {
        Self::Text(Cow::Owned(id.to_string()))
    }
}

impl From<VerificationUuid> for Value<'_> {
    fn from(id: VerificationUuid) -> Self {
        Self::Text(Cow::Owned(id.to_string()))
    }
}

impl From<CommandId> for Value<'_> {
    fn from(id: CommandId) -> Self {
        Self::Int(id.get())
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Self::Null, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::Clock as _;
    use waybill_testkit::{MockClock, TestFolder};

    use crate::tables::commands::{self, CommandLease, NewCommand};
    use crate::{Store, StoreError, StoreOptions};

    use super::CommandId;

    /// Of two commands of one group, the first held for ever and far from due, the second due.
    #[tokio::test]
    async fn waits_without_end_are_long_waits() {
        let folder = TestFolder::new();
        let options = StoreOptions { path: folder.path().join("test.sqlite"), readers: 1 };
        let store = Store::open(&options).await.unwrap();
        let claimed = store.write("test", MockClock::default().now(), |tx, at| {
            Box::pin(async move {
                let command = |id| NewCommand::new(CommandId::new(id), "k", String::new(), *at).in_group("g");
                commands::insert(tx, &command(1).after(Duration::MAX).holding(Duration::MAX)).await?;
                commands::insert(tx, &command(2)).await?;
                let lease = CommandLease { token: "t".to_owned(), length: Duration::MAX };
                commands::claim(tx, "k", 9, &lease).await
            })
        });
        let claimed = claimed.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert!(claimed.is_empty(), "the first is not due, and holds the second");
        store.close().await;
    }
}

//! Arguments of statements.

use std::borrow::Cow;
use std::time::Duration;

use chrono::NaiveDateTime;
use waybill_domain::{CommandId, Timestamp, VaspId, VerificationUuid, truncate_to_millis};

/// One argument. Absent ones have a type too: PostgreSQL wants to know it.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Int(Option<i64>),
    Flag(Option<bool>),
    /// UTC, cut to milliseconds.
    Time(Option<NaiveDateTime>),
    /// All 64 bits are used.
    Id(Option<u64>),
}

/// What a column is that arguments of a Rust type go into.
pub(crate) trait Absent<'a> {
    /// NULL of that type.
    const ABSENT: Value<'a>;
}

macro_rules! absent {
    ($($kind:ident: $($rust:ty),+;)+) => {
        $($(impl<'a> Absent<'a> for $rust {
            const ABSENT: Value<'a> = Value::$kind(None);
        })+)+
    };
}

absent! {
    Text: &'a str, &'a String, String, VerificationUuid;
    Int: i64, u32, Duration, CommandId;
    Flag: bool;
    Time: Timestamp;
    Id: VaspId;
}

/// A list of arguments: `values![uuid, &name, 3_i64]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// The marks for a list of ids, `?, ?, ?`, and the ids as arguments; none for an empty list. The number is rounded up to
/// a power of two by repeating the last id, so that few different statements are prepared.
pub(crate) fn listed(ids: &[i64]) -> Option<(String, Vec<Value<'static>>)> {
    let last = *ids.last()?;
    let count = ids.len().next_power_of_two();
    let repeated = std::iter::repeat_n(last, count - ids.len());
    let values = ids.iter().copied().chain(repeated).map(Value::from).collect();
    Some((vec!["?"; count].join(", "), values))
}

/// As [`listed`], for names.
pub(crate) fn listed_texts(names: &[String]) -> Option<(String, Vec<Value<'_>>)> {
    let last = names.last()?;
    let count = names.len().next_power_of_two();
    let repeated = std::iter::repeat_n(last, count - names.len());
    let values = names.iter().chain(repeated).map(Value::from).collect();
    Some((vec!["?"; count].join(", "), values))
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(Some(flag))
    }
}

/// A hundred years. Added to the present it stays a time that every database can write; much more gives NULL.
const LONGEST_MS: i64 = 100 * 365 * 24 * 3_600_000;

impl From<Duration> for Value<'_> {
    /// Milliseconds, a hundred years at the most.
    fn from(duration: Duration) -> Self {
        Self::Int(Some(i64::try_from(duration.as_millis()).map_or(LONGEST_MS, |ms| ms.min(LONGEST_MS))))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Time(Some(truncate_to_millis(at).naive_utc()))
    }
}

impl From<VaspId> for Value<'_> {
    fn from(id: VaspId) -> Self {
        Self::Id(Some(id.get()))
    }
}

impl From<VerificationUuid> for Value<'_> {
    fn from(id: VerificationUuid) -> Self {
        Self::Text(Some(Cow::Owned(id.to_string())))
    }
}

impl From<CommandId> for Value<'_> {
    fn from(id: CommandId) -> Self {
        Self::Int(Some(id.get()))
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
    T: Absent<'a>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(T::ABSENT, Self::from)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().into()
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
        let options = StoreOptions::Sqlite { path: folder.path().join("test.sqlite"), readers: 1 };
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

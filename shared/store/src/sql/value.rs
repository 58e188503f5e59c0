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

impl From<std::time::Duration> for Value<'_> {
    /// Milliseconds.
    fn from(duration: std::time::Duration) -> Self {
        Self::Int(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
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

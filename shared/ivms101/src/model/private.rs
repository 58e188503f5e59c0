//! Values that do not print.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde_json::{Map, Value};

/// A personal value. Used like the value itself; its `Debug` shows only that there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private<T>(pub T);

/// Fields of an object that the model does not know, kept to be written back.
pub type Other = Private<Map<String, Value>>;

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<T> Deref for Private<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Private<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl From<&str> for Private<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let name = Private::from("Taylor");
        assert_eq!(format!("{name:?} {:#?}", Some(&name)).matches("Taylor").count(), 0);
        assert_eq!(name.len(), 6);
    }
}

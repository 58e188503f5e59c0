//! Personal data that must not reach a log.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A value that Debug does not show. Otherwise the value itself, in JSON too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden<T>(pub T);

impl<T> From<T> for Hidden<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Hidden<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_from_debug_and_not_from_json() {
        let name = Hidden("Taylor Robbins".to_owned());
        assert_eq!(format!("{:?}", Some(&name)), "Some([hidden])");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Taylor Robbins\"");
        assert_eq!(name.len(), 14);
    }
}

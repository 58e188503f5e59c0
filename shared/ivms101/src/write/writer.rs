//! Writing in one style, noting what it cannot say.

use serde_json::Value;

use super::loss::{Loss, LossReason};
use super::object::Object;
use super::style::Style;
use crate::keys::Key;
use crate::model::{Other, Private};
use crate::path::{Path, field_name};

/// A document that is being written.
pub(super) struct Writer {
    pub(super) style: &'static Style,
    pub(super) losses: Vec<Loss>,
}

impl Writer {
    pub(super) fn new(style: &'static Style) -> Self {
        Self { style, losses: Vec::new() }
    }

    pub(super) fn lose(&mut self, path: &Path<'_>, reason: LossReason) {
        self.losses.push(Loss { path: path.to_string(), reason });
    }

    /// The objects of a list, each with its path.
    pub(super) fn each<T>(
        &mut self,
        key: &Key,
        entries: &[T],
        path: &Path<'_>,
        write: impl Fn(&mut Self, &T, &Path<'_>) -> Value,
    ) -> Vec<Value> {
        let path = path.key(key.name);
        entries.iter().enumerate().map(|(at, entry)| write(self, entry, &path.item(at))).collect()
    }

    /// An object that may be absent.
    pub(super) fn maybe<T>(
        &mut self,
        key: &Key,
        value: Option<&T>,
        path: &Path<'_>,
        write: impl Fn(&mut Self, &T, &Path<'_>) -> Value,
    ) -> Option<Value> {
        value.map(|value| write(self, value, &path.key(key.name)))
    }

    /// A text that only VerifyVASP has.
    pub(super) fn extension<'t>(
        &mut self,
        key: &Key,
        text: Option<&'t str>,
        path: &Path<'_>,
    ) -> Option<&'t str> {
        if text.is_some() && !self.style.open {
            self.lose(&path.key(key.name), LossReason::Extension);
            return None;
        }
        text
    }

    /// The account numbers that are not too long.
    pub(super) fn accounts(&mut self, accounts: &[Private<String>], path: &Path<'_>) -> Vec<Private<String>> {
        let path = path.key(crate::keys::ACCOUNT_NUMBER.name);
        let limit = self.style.longest_account.unwrap_or(usize::MAX);
        let mut fitting = Vec::with_capacity(accounts.len());
        for (at, account) in accounts.iter().enumerate() {
            // Cut short, it would be another account.
            if account.chars().count() > limit {
                self.lose(&path.item(at), LossReason::AccountTooLong);
            } else {
                fitting.push(account.clone());
            }
        }
        fitting
    }

    /// Closes an object, with its unknown fields where the style has them.
    pub(super) fn finish(&mut self, object: Object, other: &Other, path: &Path<'_>) -> Value {
        if self.style.open {
            return object.finish(other);
        }
        for name in other.keys() {
            self.lose(&path.key(field_name(name)), LossReason::UnknownField);
        }
        object.finish(&Other::default())
    }
}

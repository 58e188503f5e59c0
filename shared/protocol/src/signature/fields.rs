//! Reading headers that must be there exactly once.

use std::str::FromStr;

use http::{HeaderMap, HeaderName};
use sfv::{Dictionary, Parser};

use super::SignatureFault;

/// The text of a header that occurs once. Two would be joined by some software and not by other.
pub(super) fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, SignatureFault> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| SignatureFault::Missing(name.clone()))?;
    match value.to_str() {
        Ok(text) if values.next().is_none() => Ok(text),
        _ => Err(SignatureFault::Unparsable(name.clone())),
    }
}

/// A header that occurs once and can be read as a `T`.
pub(super) fn parsed<T: FromStr>(headers: &HeaderMap, name: &HeaderName) -> Result<T, SignatureFault> {
    one(headers, name)?.parse().map_err(|_| SignatureFault::Unparsable(name.clone()))
}

/// A dictionary of structured fields; others may have added lines or members of their own.
pub(super) fn dictionary(headers: &HeaderMap, name: &HeaderName) -> Result<Dictionary, SignatureFault> {
    if !headers.contains_key(name) {
        return Err(SignatureFault::Missing(name.clone()));
    }
    let mut dictionary = Dictionary::new();
    for value in headers.get_all(name) {
        Parser::new(value)
            .parse_dictionary_with_visitor(&mut dictionary)
            .map_err(|_| SignatureFault::Unparsable(name.clone()))?;
    }
    Ok(dictionary)
}

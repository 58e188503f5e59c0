//! The query of a URL, name by name.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use waybill_domain::{Fault, limits};

/// The parameters after the `?`. Unknown ones are ignored; of repeated ones the first counts; without a value is as
/// good as absent.
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Ok(Self(pairs.map(|pairs| pairs.0).unwrap_or_default()))
    }
}

impl Query {
    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A text of `limit` characters at the most.
    pub(crate) fn text(&self, name: &str, limit: usize) -> Result<Option<String>, Fault> {
        let fitting = |text: &str| limits::fits(text, limit).then(|| text.to_owned());
        self.get(name).map(|text| fitting(text).ok_or_else(|| Fault::invalid(name))).transpose()
    }

    /// A text that stands for something.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Fault> {
        self.get(name).map(|text| text.parse().map_err(|_| Fault::invalid(name))).transpose()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The query of a URL, for tests of its readers.
    pub(crate) fn query(text: &str) -> Query {
        let uri = format!("/?{text}").parse().unwrap();
        Query(axum::extract::Query::try_from_uri(&uri).unwrap().0)
    }

    #[test]
    fn values_are_decoded_and_empty_ones_are_absent() {
        let query = query("symbol=&network=Polygon%20PoS&network=Tron&page=x");
        assert_eq!(query.get("symbol"), None);
        assert_eq!(query.get("network"), Some("Polygon PoS"));
        assert_eq!(query.parsed::<u32>("rpp"), Ok(None));
        assert_eq!(query.parsed::<u32>("page").unwrap_err().code, "INVALID-PAGE");
        assert_eq!(query.text("network", 3).unwrap_err().code, "INVALID-NETWORK");
    }
}

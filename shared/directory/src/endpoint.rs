//! Where a member's node listens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A member's URL: https, or http on loopback; no credentials, query or fragment. It may have a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(Url);

/// Why a text is no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL with a host.
    #[error("the endpoint is not a URL")]
    NotUrl,
    /// Neither https nor http on loopback.
    #[error("the endpoint must use https; http is for loopback only")]
    Insecure,
    /// User name, password, query or fragment.
    #[error("the endpoint must have no credentials, query or fragment")]
    TooMuch,
}

impl Endpoint {
    /// The URL of something below the endpoint; `path` starts with a slash and is added to the endpoint's own path.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }

    /// The endpoint as a URL.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|_| EndpointError::NotUrl)?;
        let host = url.host().ok_or(EndpointError::NotUrl)?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&host)) {
            return Err(EndpointError::Insecure);
        }
        let credentials = !url.username().is_empty() || url.password().is_some();
        if credentials || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::TooMuch);
        }
        Ok(Self(url))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl TryFrom<String> for Endpoint {
    type Error = EndpointError;

    fn try_from(text: String) -> Result<Self, EndpointError> {
        text.parse()
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0.into()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_at_home() {
        for good in
            ["https://vasp.example", "http://127.0.0.1:21118", "http://[::1]:1/x", "http://localhost/"]
        {
            assert!(good.parse::<Endpoint>().is_ok(), "{good}");
        }
        for (bad, error) in [
            ("", EndpointError::NotUrl),
            ("vasp.example", EndpointError::NotUrl),
            ("data:text/plain,x", EndpointError::NotUrl),
            ("http://vasp.example", EndpointError::Insecure),
            ("http://10.0.0.1", EndpointError::Insecure),
            ("http://localhost.vasp.example", EndpointError::Insecure),
            ("ftp://127.0.0.1", EndpointError::Insecure),
            ("https://user@vasp.example", EndpointError::TooMuch),
            ("https://:word@vasp.example", EndpointError::TooMuch),
            ("https://vasp.example/?a=1", EndpointError::TooMuch),
            ("https://vasp.example/#a", EndpointError::TooMuch),
        ] {
            assert_eq!(bad.parse::<Endpoint>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn paths_are_added_to_the_endpoints_own() {
        for (endpoint, url) in [
            ("https://vasp.example", "https://vasp.example/peer/v1/keys"),
            ("https://vasp.example/", "https://vasp.example/peer/v1/keys"),
            ("https://vasp.example:8443/travel/rule/", "https://vasp.example:8443/travel/rule/peer/v1/keys"),
        ] {
            assert_eq!(endpoint.parse::<Endpoint>().unwrap().join("/peer/v1/keys").as_str(), url);
        }
    }
}

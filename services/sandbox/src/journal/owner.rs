//! Whose an entry is, and by what entries of one owner are told apart.

use std::sync::Arc;

use waybill_domain::VaspId;

use crate::endpoint::Endpoint;
use crate::vendors::Vendor;

/// Who was sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// The backend of a VASP.
    Vasp(VaspId),
    /// A vendor's API.
    Vendor(Vendor),
}

/// Where at its owner a request went.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// One of a backend's endpoints.
    Endpoint(Endpoint),
    /// Path and query at a vendor.
    Path(Arc<str>),
}

impl Topic {
    /// The same for all requests of a kind, so that counting them takes no memory for each: ids become `*`.
    pub(super) fn without_ids(self) -> Self {
        let Self::Path(path) = &self else { return self };
        let path = path.split('?').next().unwrap_or_default();
        let is_id = |part: &str| part.len() >= 12 && part.bytes().any(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = path.split('/').map(|part| if is_id(part) { "*" } else { part }).collect();
        Self::Path(parts.join("/").into())
    }
}

/// Which entries of one owner are wanted.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// All.
    All,
    /// Those to one endpoint of a backend.
    Endpoint(Endpoint),
    /// Those to a vendor whose path and query contain this text.
    Containing(String),
}

impl Wanted {
    pub(super) fn takes(&self, topic: &Topic) -> bool {
        match (self, topic) {
            (Self::All, _) => true,
            (Self::Endpoint(wanted), Topic::Endpoint(endpoint)) => wanted == endpoint,
            (Self::Containing(text), Topic::Path(path)) => path.contains(text.as_str()),
            _ => false,
        }
    }
}

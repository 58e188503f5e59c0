//! Turns the HTTP library's errors into ours. Its texts carry URLs, so none of them passes.

use std::error::Error;
use std::io;
use std::iter::successors;

use crate::error::{ConnectFault, EgressError, ProtocolFault};
use crate::policy::Refusal;

/// Classifies an error by what lies beneath it.
pub(crate) fn classify(error: &reqwest::Error) -> EgressError {
    if let Some(refusal) = find::<Refusal>(error) {
        EgressError::Refused(*refusal)
    } else if error.is_connect() {
        EgressError::Connect(connect_fault(error))
    } else if error.is_timeout() {
        EgressError::Timeout
    } else if error.is_builder() {
        EgressError::Protocol(ProtocolFault::Request)
    } else {
        EgressError::Protocol(protocol_fault(error))
    }
}

fn connect_fault(error: &reqwest::Error) -> ConnectFault {
    if error.is_timeout() {
        ConnectFault::TimedOut
    } else if let Some(tls) = find::<rustls::Error>(error) {
        match tls {
            rustls::Error::InvalidCertificate(_) => ConnectFault::Certificate,
            _ => ConnectFault::Tls,
        }
    } else if error.is_dns() {
        ConnectFault::Name
    } else {
        match find::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => ConnectFault::Refused,
            _ => ConnectFault::Network,
        }
    }
}

fn protocol_fault(error: &reqwest::Error) -> ProtocolFault {
    match find::<hyper::Error>(error) {
        Some(http) if http.is_parse() => ProtocolFault::NotHttp,
        Some(http) if http.is_user() => ProtocolFault::Request,
        _ => ProtocolFault::Lost,
    }
}

/// The first cause of a type.
fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let top: &(dyn Error + 'static) = error;
    successors(Some(top), |error| beneath(*error)).find_map(|error| error.downcast_ref())
}

/// An IO error hides what it wraps from `source`.
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

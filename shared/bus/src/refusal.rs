//! How a refusal travels between processes.

use serde::{Deserialize, Serialize};
use waybill_domain::{Fault, codes};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    status: u16,
    code: String,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

pub(crate) fn write(fault: &Fault) -> Vec<u8> {
    let refusal = Refusal {
        status: fault.status,
        code: fault.code.to_string(),
        message: fault.message.to_string(),
        retry_after: fault.retry_after,
    };
    // Cannot fail: a plain struct.
    serde_json::to_vec(&refusal).unwrap_or_default()
}

pub(crate) fn read(body: &[u8]) -> Fault {
    match serde_json::from_slice::<Refusal>(body) {
        Ok(Refusal { status, code, message, retry_after }) => {
            Fault { status, code: code.into(), message: message.into(), retry_after }
        }
        Err(_) => codes::internal_error(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_arrives_as_it_was() {
        for fault in [Fault::missing("payload.version"), codes::service_unavailable().retry_after(9)] {
            assert_eq!(read(&write(&fault)), fault);
        }
        assert_eq!(read(b"?"), codes::internal_error());
    }
}

//! The transaction status: how far has the originator come with the transfer?

use serde_json::{Value, json};
use waybill_domain::{TransactionStatus, VerificationUuid, limits};

use super::call::Endpoint;
use super::{Backend, BackendError, answer};

/// Where a transfer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionStanding {
    /// How far it has come.
    pub status: TransactionStatus,
    /// Hash of the transaction, where the backend gives one.
    pub tx_hash: Option<String>,
    /// Output of the transaction.
    pub vout: Option<String>,
}

impl Backend {
    /// Asks how far a transfer has come.
    ///
    /// # Errors
    /// [`BackendError`].
    pub async fn transaction(&self, uuid: VerificationUuid) -> Result<TransactionStanding, BackendError> {
        let endpoint = Endpoint {
            destination: "backend:transaction",
            url: self.settings.transaction_url.as_ref(),
            timeout: self.settings.transaction_timeout,
        };
        read(uuid, &self.ask(endpoint, &json!({"verificationUuid": uuid})).await?)
    }
}

fn read(asked: VerificationUuid, answer: &Value) -> Result<TransactionStanding, BackendError> {
    if answer::parsed::<VerificationUuid>(answer, "verificationUuid")? != asked {
        return Err(BackendError::InvalidAnswer("verificationUuid"));
    }
    Ok(TransactionStanding {
        status: answer::parsed(answer, "transactionStatus")?,
        tx_hash: bounded(answer, "txHash", limits::TX_HASH)?,
        vout: bounded(answer, "vout", limits::VOUT)?,
    })
}

fn bounded(answer: &Value, field: &'static str, limit: usize) -> Result<Option<String>, BackendError> {
    match answer::text(answer, field)? {
        Some(text) if !limits::fits(text, limit) => Err(BackendError::InvalidAnswer(field)),
        text => Ok(text.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read() {
        let uuid = VerificationUuid::from_random([1; 16]);
        for status in TransactionStatus::ALL {
            let answer =
                json!({"verificationUuid": uuid, "transactionStatus": status, "txHash": "", "vout": "1"});
            let standing = read(uuid, &answer).unwrap();
            assert_eq!((standing.status, standing.tx_hash, standing.vout), (*status, None, Some("1".into())));
        }
    }

    #[test]
    fn what_breaks_the_interface_is_named() {
        let uuid = VerificationUuid::from_random([1; 16]);
        let other = VerificationUuid::from_random([2; 16]);
        for (answer, field) in [
            (json!({"transactionStatus": "PENDING"}), "verificationUuid"),
            (json!({"verificationUuid": other, "transactionStatus": "PENDING"}), "verificationUuid"),
            (json!({"verificationUuid": uuid}), "transactionStatus"),
            (json!({"verificationUuid": uuid, "transactionStatus": "SENT"}), "transactionStatus"),
            (
                json!({"verificationUuid": uuid, "transactionStatus": "PENDING", "txHash": "a".repeat(129)}),
                "txHash",
            ),
            (json!({"verificationUuid": uuid, "transactionStatus": "PENDING", "vout": 1}), "vout"),
        ] {
            assert_eq!(read(uuid, &answer), Err(BackendError::InvalidAnswer(field)), "{answer}");
        }
    }
}

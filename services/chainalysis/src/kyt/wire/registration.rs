//! What is registered with the vendor.

use serde::Serialize;
use waybill_domain::Direction;

/// `POST /v2/users/{userId}/transfers`. Four fields are enough for the networks that the vendor follows itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewTransfer<'a> {
    pub network: &'a str,
    pub asset: &'a str,
    pub transfer_reference: &'a str,
    pub direction: &'static str,
}

/// `POST /v2/users/{userId}/withdrawal-attempts`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewAttempt<'a> {
    pub network: &'a str,
    pub asset: &'a str,
    pub address: &'a str,
    pub attempt_identifier: &'a str,
    /// A JSON text: the vendor takes it, and no digit is lost on the way.
    pub asset_amount: &'a str,
    /// UTC, ISO 8601.
    pub attempt_timestamp: &'a str,
}

/// The vendor's word for a direction.
pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Outgoing => "sent",
        Direction::Incoming => "received",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_transfer_has_four_fields() {
        let new = NewTransfer {
            network: "Ethereum",
            asset: "ETH",
            transfer_reference: "0xab:0xcd",
            direction: direction(Direction::Incoming),
        };
        let expected = json!({
            "network": "Ethereum", "asset": "ETH", "transferReference": "0xab:0xcd", "direction": "received"
        });
        assert_eq!(serde_json::to_value(new).unwrap(), expected);
    }

    #[test]
    fn the_amount_of_an_attempt_is_text() {
        let new = NewAttempt {
            network: "Bitcoin",
            asset: "BTC",
            address: "1QJU",
            attempt_identifier: "f7231c6f",
            asset_amount: "0.10312309",
            attempt_timestamp: "2025-01-11T05:21:02.000Z",
        };
        let written = serde_json::to_value(new).unwrap();
        assert_eq!(written["assetAmount"], "0.10312309");
        assert_eq!(written["attemptIdentifier"], "f7231c6f");
        assert_eq!(written.as_object().unwrap().len(), 6);
    }
}

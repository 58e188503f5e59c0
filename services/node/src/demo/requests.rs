//! The bodies that the demo sends.

use serde_json::{Value, json};
use waybill_domain::{Timestamp, format_time};

use super::people::{OUR_ORIGINATOR, OUR_ORIGINATOR_BORN, ROBOT_ADDRESS, TAYLOR_ROBBINS, natural};
use super::side::Side;

/// Does this address belong to this person?
pub fn account_check(to: Side, address: &str, person: &Value) -> Value {
    json!({
        "keyType": "PerVasp",
        "beneficiaryVaspId": to.vasp_id(),
        "symbol": "ETH",
        "network": "Ethereum",
        "payload": {"version": "1.0", "ivms101": {"beneficiary": {
            "beneficiaryPersons": [person],
            "accountNumber": [address]
        }}}
    })
}

/// Who takes part in a transfer, and from which account to which.
pub struct Transfer<'a> {
    pub to: Side,
    pub originator: Value,
    pub originator_account: &'a str,
    pub beneficiary: Value,
    pub beneficiary_account: &'a str,
}

impl<'a> Transfer<'a> {
    /// From Robert Barnes, our customer, to Taylor Robbins, the robot's.
    pub fn usual(originator_account: &'a str) -> Self {
        Self {
            to: Side::Robot,
            originator: natural(OUR_ORIGINATOR, Some(OUR_ORIGINATOR_BORN)),
            originator_account,
            beneficiary: natural(TAYLOR_ROBBINS, None),
            beneficiary_account: ROBOT_ADDRESS,
        }
    }

    /// The body of `POST /v1/verifications` for 1.5 ETH.
    pub fn verification(&self, asked: &str, now: Timestamp) -> Value {
        json!({
            "keyType": "PerVasp",
            "beneficiaryVaspId": self.to.vasp_id(),
            "assetInfo": {
                "symbol": "ETH",
                "network": "Ethereum",
                "amount": "1.5",
                "isExceedingThreshold": true,
                "tradePrice": "2500.00",
                "tradeCurrency": "USD",
                "tradeISODatetime": format_time(now)
            },
            "requiredBeneficiaryInfo": asked,
            "payload": {"version": "1.0", "ivms101": {
                "originator": {
                    "originatorPersons": [self.originator],
                    "accountNumber": [self.originator_account]
                },
                "beneficiary": {
                    "beneficiaryPersons": [self.beneficiary],
                    "accountNumber": [self.beneficiary_account]
                }
            }}
        })
    }
}

//! The wire forms of the messages that are too small for tests of their own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use waybill_protocol::messages::{
    Acknowledgement, AnswersRequest, ErrorDetail, ErrorsRequest, ExpiriesRequest, InquiriesRequest,
    InquiriesResponse, TransactionsRequest,
};

const UUID: &str = "6e1f2e4c-7a68-4b8b-9d2a-0f5b7f3f2f11";

fn survives<T: Serialize + DeserializeOwned>(json: Value) {
    let read: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), json);
}

#[test]
fn the_wire_forms_are_as_documented() {
    let sealed = json!({"suite": "S", "keyId": "k", "enc": "", "ciphertext": ""});
    survives::<AnswersRequest>(json!({"verificationUuid": UUID, "sealed": sealed}));
    survives::<TransactionsRequest>(json!({"verificationUuid": UUID, "txHash": "0xabc", "vout": "0"}));
    survives::<TransactionsRequest>(json!({"verificationUuid": UUID, "txHash": "0xabc"}));
    survives::<ErrorsRequest>(json!({"verificationUuid": UUID, "result": "DENIED", "reason": "BLACKLISTED"}));
    survives::<ErrorsRequest>(
        json!({"verificationUuid": UUID, "result": "ERROR", "reason": "R", "sealed": sealed}),
    );
    survives::<ErrorDetail>(json!({"message": "wrong amount"}));
    let expiry = json!({"verificationUuid": UUID, "expiresAt": "2026-01-02T03:04:05.000Z"});
    survives::<ExpiriesRequest>(expiry.clone());
    let mut with_reason = expiry;
    with_reason["reason"] = json!("BENEFICIARY-ACCOUNT-NOT-MATCHED");
    survives::<ExpiriesRequest>(with_reason);
    survives::<InquiriesRequest>(json!({"verificationUuid": UUID}));
    survives::<InquiriesResponse>(json!({"verificationUuid": UUID, "transactionStatus": "WAIT-CONFIRM"}));
    survives::<InquiriesResponse>(
        json!({"verificationUuid": UUID, "transactionStatus": "CONFIRMED", "txHash": "0xabc", "vout": "1"}),
    );
    assert_eq!(serde_json::to_value(Acknowledgement::STORED).unwrap(), json!({"result": true}));
}

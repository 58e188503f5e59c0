//! The counterparty's backend is slow, down, or talks nonsense.

use serde_json::json;
use waybill_sandbox::{Case, Endpoint, cases};
use waybill_tests::{Dev, account_check, edit, unique, verification};

use crate::account::{answer_of, edited};

/// What a caller is told when the counterparty's backend fails so.
fn refusal(failure: &str) -> (u16, &'static str) {
    match failure {
        slow if slow.contains("after the limit") => (408, "REQUEST-TIMEOUT"),
        "closes the connection without an answer" | "HTTP 400" | "HTTP 503" => {
            (503, "COUNTERPARTY-UNAVAILABLE")
        }
        _ => (502, "COUNTERPARTY-REFUSED"),
    }
}

#[tokio::test]
async fn an_account_check_says_what_went_wrong() {
    let dev = Dev::start().await;
    let mut tried = 0;
    for case in cases().into_iter().filter(|case| case.endpoint == Endpoint::Account) {
        if answer_of(&case).is_some() {
            continue;
        }
        let (status, code) = refusal(&case.answer);
        let answer = dev.ours.check_account(&edited(account_check(), &case)).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{}", case.answer);
        // A good one between the bad ones, so that nobody is thought to be down.
        assert_eq!(
            dev.ours.check_account(&account_check()).await.ok()["accountVerificationResult"],
            "VERIFIED"
        );
        tried += 1;
    }
    assert_eq!(tried, 8);
}

/// Never verified by a failure: the backend is asked again until it answers properly.
#[tokio::test]
async fn a_verification_waits_for_a_proper_answer() {
    let dev = Dev::start().await;
    let failures =
        ["down", "nonsense", "wrong-content-type", "too-much", "unknown-result", "error-400", "error-503"];
    for mode in failures {
        let switch = json!({"mode": mode, "endpoint": "verification", "times": 1});
        dev.robot.backend.switch(&switch).await;
        let account = json!([unique("account")]);
        let request = edit(verification(), "payload.ivms101.originator.accountNumber", account);
        let uuid = dev.ours.verify(&request).await;
        let told = dev.ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
        assert_eq!(told["verificationResult"], "VERIFIED", "{mode}: {told}");
        assert_eq!(dev.robot.backend.bodies("verification", &uuid).await.len(), 2, "{mode}");
    }
}

/// A backend that never makes sense ends a verification without a verdict.
#[tokio::test]
async fn a_verification_ends_undecided_when_no_answer_is_ever_proper() {
    let dev = Dev::start().await;
    let hopeless = ["no JSON", "text/html", "1 MiB", "MAYBE", "HTTP 400"];
    let of = |words: &str| {
        let is_it = |case: &Case| case.endpoint == Endpoint::Verification && case.answer.contains(words);
        edited(verification(), &cases().into_iter().find(is_it).expect("the sandbox has such a case"))
    };
    for words in hopeless {
        let uuid = dev.ours.verify(&of(words)).await;
        let told = dev.ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
        assert_eq!(told["verificationResult"], "ERROR", "{words}: {told}");
        assert_eq!(told["reason"], "UNDEFINED-ERROR", "{words}: {told}");
        assert_eq!(dev.robot.until(&uuid, "ERROR").await["reason"], "UNDEFINED-ERROR", "{words}");
    }
}

#[tokio::test]
async fn an_inquiry_says_what_went_wrong() {
    let dev = Dev::start().await;
    let uuid = dev.ours.verify_until(&verification(), "VERIFIED").await;
    for (mode, status, code) in [
        ("slow", 408, "REQUEST-TIMEOUT"),
        ("down", 503, "COUNTERPARTY-UNAVAILABLE"),
        ("nonsense", 502, "COUNTERPARTY-REFUSED"),
    ] {
        dev.ours.backend.switch(&json!({"mode": mode, "endpoint": "transaction", "times": 1})).await;
        assert_eq!(dev.robot.inquire(&uuid).await.refusal(), (status, code.to_owned()), "{mode}");
    }
    assert_eq!(dev.robot.inquire(&uuid).await.ok()["transactionStatus"], "PROCESSING");
}

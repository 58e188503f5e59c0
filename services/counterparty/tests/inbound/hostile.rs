//! Messages that must not be let in: each is refused with its code, is audited, and changes nothing.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use waybill_domain::{Event, Role, VaspId, Verdict, VerificationState, VerificationUuid};

use crate::fixture::*;
use crate::house::{Heard, House};
use crate::letter::Letter;

/// A house with one verified verification, of which the robot is the originator.
async fn house() -> (House, VerificationUuid) {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Default::default()).await;
    (house, uuid)
}

fn report(uuid: VerificationUuid) -> Value {
    json!({"verificationUuid": uuid, "txHash": "0xabc"})
}

/// A good report, for others to spoil.
fn letter(house: &House, uuid: VerificationUuid) -> Letter {
    house.letter(ROBOT, "transactions", &report(uuid))
}

/// Sends it spoilt; the refusal has its code, is signed if it can be, is audited, and nothing else happens.
async fn is_refused(
    letter: impl FnOnce(&House, VerificationUuid) -> Letter,
    tamper: impl FnOnce(&mut HeaderMap, &mut String),
    (status, code): (u16, &str),
    (signed, actor): (bool, &str),
) -> Heard {
    let (house, uuid) = house().await;
    let before = house.snapshot(&[uuid]).await;
    let heard = house.send_tampered(&letter(&house, uuid), tamper).await;
    heard.refuses(status, code);
    assert_eq!(heard.signed, signed, "{code}");
    assert_eq!(house.snapshot(&[uuid]).await, before, "{code}");
    assert_eq!(house.audited_refusals().await, [(code.to_owned(), actor.to_owned())]);
    heard
}

fn set(name: &'static str, value: &'static str) -> impl FnOnce(&mut HeaderMap, &mut String) {
    move |headers, _| drop(headers.insert(name, HeaderValue::from_static(value)))
}

fn unset(name: &'static str) -> impl FnOnce(&mut HeaderMap, &mut String) {
    move |headers, _| drop(headers.remove(name))
}

const UNPROVEN: (bool, &str) = (true, "unproven");
const UNSIGNED: (bool, &str) = (false, "unproven");

fn actor(vasp: VaspId) -> String {
    format!("vasp:{vasp}")
}

fn as_is(_: &mut HeaderMap, _: &mut String) {}

#[tokio::test]
async fn the_unspoilt_report_is_taken() {
    let (house, uuid) = house().await;
    let heard = house.send(&letter(&house, uuid)).await;
    heard.acknowledges();
    assert!(heard.signed);
    assert!(house.audited_refusals().await.is_empty());
}

#[tokio::test]
async fn what_is_not_signed_is_refused() {
    let missing = (401, "SIGNATURE-MISSING");
    is_refused(letter, unset("signature"), missing, UNSIGNED).await;
    is_refused(letter, unset("signature-input"), missing, UNPROVEN).await;
    is_refused(letter, unset("content-digest"), missing, UNPROVEN).await;
    is_refused(letter, unset("waybill-message-id"), missing, UNSIGNED).await;
    is_refused(letter, set("waybill-sender", "Taylor"), missing, UNSIGNED).await;
    is_refused(letter, set("signature", "waybill=Taylor"), missing, UNSIGNED).await;
}

#[tokio::test]
async fn wrong_signatures_are_refused() {
    let invalid = (401, "SIGNATURE-INVALID");
    is_refused(letter, set("waybill-recipient", "33"), invalid, UNPROVEN).await;
    let another_id = set("waybill-message-id", "6e1f2e4c-7a68-4b8b-9d2a-0f5b7f3f2f11");
    is_refused(letter, another_id, invalid, UNPROVEN).await;
    let moved = |house: &House, uuid| {
        let mut letter = letter(house, uuid);
        letter.path = "/peer/v1/expiries".to_owned();
        letter
    };
    let (house, uuid) = house().await;
    let (request, exchange) = moved(&house, uuid).request(as_is);
    let (mut parts, body) = request.into_parts();
    parts.uri = "/peer/v1/transactions".parse().unwrap();
    let heard = house.call(axum::http::Request::from_parts(parts, body), exchange).await;
    heard.refuses(401, "SIGNATURE-INVALID");
}

#[tokio::test]
async fn a_key_of_another_member_proves_nothing() {
    let borrowed = |house: &House, uuid| Letter { identity: identity(OTHER), ..letter(house, uuid) };
    is_refused(borrowed, as_is, (401, "IDENTITY-KEY-NOT-VALID"), UNPROVEN).await;
    let claimed = |house: &House, uuid| Letter { sender: OTHER, ..letter(house, uuid) };
    is_refused(claimed, as_is, (401, "IDENTITY-KEY-NOT-VALID"), UNPROVEN).await;
}

#[tokio::test]
async fn a_body_that_is_not_the_signed_one_is_refused() {
    let altered = |_: &mut HeaderMap, body: &mut String| *body = body.replace("0xabc", "0xabd");
    is_refused(letter, altered, (400, "DIGEST-MISMATCH"), UNPROVEN).await;
}

#[tokio::test]
async fn old_and_future_signatures_are_refused_with_our_time() {
    for seconds in [-301, 301] {
        let stale = move |house: &House, uuid| {
            let letter = letter(house, uuid);
            Letter { signed_at: letter.signed_at + chrono::TimeDelta::seconds(seconds), ..letter }
        };
        let heard = is_refused(stale, as_is, (401, "STALE-REQUEST"), UNPROVEN).await;
        assert_eq!(heard.headers["date"], "Fri, 02 Jan 2026 03:04:05 GMT");
    }
    let (house, uuid) = house().await;
    let almost = letter(&house, uuid);
    house.clock.advance(Duration::from_secs(299));
    house.send(&almost).await.acknowledges();
}

#[tokio::test]
async fn another_version_of_the_protocol_is_refused() {
    let unsupported = (400, "UNSUPPORTED-PROTOCOL-VERSION");
    is_refused(letter, set("waybill-protocol", "2"), unsupported, UNPROVEN).await;
    is_refused(letter, unset("waybill-protocol"), unsupported, UNPROVEN).await;
}

#[tokio::test]
async fn who_is_no_active_member_is_refused() {
    let from = |sender| move |house: &House, uuid| house.letter(sender, "transactions", &report(uuid));
    is_refused(from(STRANGER), as_is, (403, "UNKNOWN-SENDER"), UNPROVEN).await;
    is_refused(from(RESTING), as_is, (403, "INACTIVE-SENDER"), (true, &actor(RESTING))).await;
}

#[tokio::test]
async fn what_is_for_another_member_is_refused() {
    let misdirected = |house: &House, uuid| Letter { recipient: OTHER, ..letter(house, uuid) };
    is_refused(misdirected, as_is, (403, "WRONG-RECIPIENT"), (true, &actor(ROBOT))).await;
}

#[tokio::test]
async fn others_verifications_do_not_exist_for_a_member() {
    let theirs = |house: &House, uuid| house.letter(OTHER, "transactions", &report(uuid));
    is_refused(theirs, as_is, (404, "VERIFICATION-NOT-FOUND"), (true, &actor(OTHER))).await;
    let unknown = |house: &House, _| house.letter(ROBOT, "transactions", &report(uuid(99)));
    is_refused(unknown, as_is, (404, "VERIFICATION-NOT-FOUND"), (true, &actor(ROBOT))).await;
}

#[tokio::test]
async fn each_message_is_for_one_side_only() {
    let sealed = json!({"suite": "S", "keyId": "k", "enc": "", "ciphertext": ""});
    for (message, our_role, more) in [
        ("transactions", Role::Originator, json!({"txHash": "0xabc"})),
        ("errors", Role::Originator, json!({"result": "ERROR", "reason": "USER-CANCELED"})),
        ("expiries", Role::Originator, json!({"expiresAt": "2026-01-02T03:04:05.000Z"})),
        ("inquiries", Role::Beneficiary, json!({})),
        ("answers", Role::Beneficiary, json!({"sealed": sealed})),
    ] {
        let (house, uuid) = (House::new().await, uuid(1));
        house.waiting(uuid, our_role).await;
        let before = house.snapshot(&[uuid]).await;
        let mut body = json!({"verificationUuid": uuid});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        house.tell(ROBOT, message, &body).await.refuses(403, "WRONG-ROLE");
        house.tell(OTHER, message, &body).await.refuses(404, "VERIFICATION-NOT-FOUND");
        assert_eq!(house.snapshot(&[uuid]).await, before, "{message}");
        assert!(house.backend.heard().is_empty());
    }
}

#[tokio::test]
async fn bodies_that_are_no_message_are_refused() {
    let said = |body: String| move |house: &House, uuid| Letter { body, ..letter(house, uuid) };
    let robot = actor(ROBOT);
    let proven = (true, &*robot);
    is_refused(said("nonsense".to_owned()), as_is, (400, "MALFORMED-JSON"), proven).await;
    is_refused(said("[]".to_owned()), as_is, (400, "MALFORMED-JSON"), proven).await;
    is_refused(said("{}".to_owned()), as_is, (400, "MISSING-VERIFICATION-UUID"), proven).await;
    is_refused(
        said(report(uuid(1)).to_string().replace("0xabc", "")),
        as_is,
        (400, "INVALID-TX-HASH"),
        proven,
    )
    .await;
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    is_refused(said(deep), as_is, (400, "NESTED-TOO-DEEPLY"), proven).await;
    let large = format!("{{\"a\":\"{}\"}}", "b".repeat(131_072));
    is_refused(said(large), as_is, (413, "PAYLOAD-TOO-LARGE"), UNPROVEN).await;
    is_refused(letter, set("content-type", "text/plain"), (415, "UNSUPPORTED-MEDIA-TYPE"), UNPROVEN).await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let house = House::with(&[("WAYBILL__LISTENER__BODY_TIMEOUT", "50ms")]).await;
    let (request, exchange) = letter(&house, uuid(1)).request(as_is);
    let never = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
    let request = request.map(|_| axum::body::Body::from_stream(never));
    let heard = house.call(request, exchange).await;
    heard.refuses(408, "REQUEST-TIMEOUT");
    assert!(heard.signed);
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_in_our_form() {
    let house = House::new().await;
    let heard = house.tell(ROBOT, "hello", &json!({})).await;
    heard.refuses(404, "PATH-NOT-FOUND");
    assert!(heard.signed);
    for (method, path, status, code) in [
        ("GET", "/peer/v1/keys", 405, "METHOD-NOT-ALLOWED"),
        ("GET", "/nothing", 404, "PATH-NOT-FOUND"),
        ("POST", "/healthcheck", 405, "METHOD-NOT-ALLOWED"),
    ] {
        let request =
            axum::http::Request::builder().method(method).uri(path).body(Default::default()).unwrap();
        house.call(request, None).await.refuses(status, code);
    }
    let request = axum::http::Request::get("/healthcheck").body(Default::default()).unwrap();
    assert_eq!(house.call(request, None).await.status, 200);
}

#[tokio::test]
async fn a_listener_below_a_path_signs_for_that_path() {
    let house =
        House::with(&[("WAYBILL__LISTENER__PUBLIC_ENDPOINT", "https://vasp.example/travel-rule/")]).await;
    let mut letter = house.letter(ROBOT, "transactions", &report(uuid(1)));
    house.send(&letter).await.refuses(404, "PATH-NOT-FOUND");
    letter.path = "/travel-rule/peer/v1/transactions".to_owned();
    house.send(&letter).await.refuses(404, "VERIFICATION-NOT-FOUND");
}

#[tokio::test]
async fn refusals_do_not_fill_the_audit() {
    let (house, uuid) = house().await;
    for _ in 0..50 {
        house
            .send_tampered(&letter(&house, uuid), unset("signature"))
            .await
            .refuses(401, "SIGNATURE-MISSING");
    }
    assert_eq!(house.audited_refusals().await.len(), 6);
    for _ in 0..200 {
        house.tell(OTHER, "transactions", &report(uuid)).await.refuses(404, "VERIFICATION-NOT-FOUND");
    }
    assert_eq!(house.audited_refusals().await.len(), 6 + 120);
    house.clock.advance(Duration::from_secs(60));
    house.send_tampered(&letter(&house, uuid), unset("signature")).await.refuses(401, "SIGNATURE-MISSING");
    let newest: Value = serde_json::from_str(&house.audited().await[0].detail).unwrap();
    assert_eq!(newest["more"], 44, "those that were held back are counted");
}

#[tokio::test]
async fn the_audit_of_a_refusal_names_the_verification_and_nothing_personal() {
    let (house, uuid) = house().await;
    let body = json!({"verificationUuid": uuid, "txHash": "", "Taylor": "Robbins"});
    house.tell(ROBOT, "transactions", &body).await.refuses(400, "INVALID-TX-HASH");
    let entry = house.audited().await.remove(0);
    assert_eq!(entry.subject, Some(uuid.to_string()));
    assert!(!entry.detail.contains("Robbins"), "{}", entry.detail);
}

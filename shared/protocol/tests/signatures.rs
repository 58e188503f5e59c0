//! Signed exchanges between two nodes, and every way in which one can be wrong.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use uuid::Uuid;
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_domain::{Fault, Timestamp, VaspId};
use waybill_protocol::headers::{
    CONTENT_DIGEST, MESSAGE_ID, PROTOCOL, RECIPIENT, SENDER, SIGNATURE, SIGNATURE_INPUT,
};
use waybill_protocol::{
    Exchange, RequestParts, SignatureFault, SignedRequest, VerifiedRequest, sign_request, sign_response,
    verify_request, verify_response,
};

const ASKER: VaspId = VaspId::new(15_952_089_931_162_059_995);
const ASKED: VaspId = VaspId::new(27_372_039_731_940_770);
const PATH: &str = "/peer/v1/keys";
const BODY: &[u8] = br#"{"keyType":"PerVasp"}"#;
const ANSWER: &[u8] = br#"{"keyId":"k1"}"#;

fn key_of(vasp: VaspId) -> IdentityKey {
    IdentityKey::from_seed(&[if vasp == ASKER { 1 } else { 2 }; 32])
}

fn find_key(vasp: VaspId, key_id: &str) -> Option<VerifyingKey> {
    let key = key_of(vasp).verifying_key();
    (key.key_id() == key_id).then_some(key)
}

fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + chrono::TimeDelta::seconds(seconds)
}

fn request() -> SignedRequest {
    let (method, message_id) = (Method::POST, Uuid::from_bytes([5; 16]));
    let parts = RequestParts { method: &method, path: PATH, sender: ASKER, recipient: ASKED, message_id };
    sign_request(&parts, BODY, &key_of(ASKER), now())
}

fn verify(headers: &HeaderMap) -> Result<VerifiedRequest, SignatureFault> {
    verify_request(&Method::POST, PATH, headers, BODY, find_key, now())
}

fn with(name: HeaderName, value: &str) -> HeaderMap {
    let mut headers = request().headers;
    headers.insert(name, HeaderValue::from_str(value).unwrap());
    headers
}

fn replaced(name: HeaderName, from: &str, to: &str) -> HeaderMap {
    let value = request().headers[&name].to_str().unwrap().to_owned();
    assert!(value.contains(from), "{value}");
    with(name, &value.replace(from, to))
}

#[test]
fn a_good_request_is_verified() {
    let SignedRequest { headers, exchange } = request();
    let verified = verify(&headers).unwrap();
    assert_eq!((verified.sender, verified.recipient), (ASKER, ASKED));
    assert_eq!((verified.message_id, verified.created), (exchange.message_id, now()));
    assert_eq!(verified.digest, waybill_protocol::digest::of(BODY));
    assert_eq!(verified.key_id, key_of(ASKER).key_id());
    assert_eq!(verified.exchange, exchange);
    assert_eq!(Exchange::read(&headers), Some(exchange));
}

#[test]
fn a_missing_header_is_named() {
    for name in [CONTENT_DIGEST, SENDER, RECIPIENT, MESSAGE_ID, SIGNATURE, SIGNATURE_INPUT] {
        let mut headers = request().headers;
        headers.remove(&name);
        assert_eq!(verify(&headers), Err(SignatureFault::Missing(name)));
    }
}

#[test]
fn a_repeated_header_is_refused() {
    for name in [CONTENT_DIGEST, SENDER, RECIPIENT, MESSAGE_ID] {
        let mut headers = request().headers;
        headers.append(&name, headers[&name].clone());
        assert_eq!(verify(&headers), Err(SignatureFault::Unparsable(name)));
    }
}

#[test]
fn an_unreadable_header_is_named() {
    for (name, value) in [
        (SENDER, "x"),
        (SENDER, "01"),
        (RECIPIENT, "-1"),
        (MESSAGE_ID, "05050505050505050505050505050505"),
        (MESSAGE_ID, "05050505-0505-0505-0505-05050505050x"),
        (CONTENT_DIGEST, "sha-512=:AAAA:"),
        (SIGNATURE_INPUT, "waybill"),
        (SIGNATURE_INPUT, "waybill=("),
        (SIGNATURE, "waybill=("),
        (SIGNATURE, "waybill=(\"x\")"),
        (SIGNATURE, "waybill=\"text\""),
    ] {
        assert_eq!(verify(&with(name.clone(), value)), Err(SignatureFault::Unparsable(name)), "{value}");
    }
    for (from, to) in [("created=", "made="), ("keyid=\"", "kid=\""), ("created=1", "created=999999999")] {
        let headers = replaced(SIGNATURE_INPUT, from, to);
        assert_eq!(verify(&headers), Err(SignatureFault::Unparsable(SIGNATURE_INPUT)), "{to}");
    }
}

#[test]
fn another_label_is_no_signature() {
    let headers = replaced(SIGNATURE_INPUT, "waybill=(", "other=(");
    assert_eq!(verify(&headers), Err(SignatureFault::Missing(SIGNATURE_INPUT)));
    let headers = replaced(SIGNATURE, "waybill=", "other=");
    assert_eq!(verify(&headers), Err(SignatureFault::Missing(SIGNATURE)));
}

#[test]
fn signatures_of_others_beside_ours_are_ignored() {
    let mut headers = request().headers;
    headers.append(SIGNATURE_INPUT, HeaderValue::from_static("proxy=(\"@method\");created=1"));
    headers.append(SIGNATURE, HeaderValue::from_static("proxy=:AAAA:"));
    assert!(verify(&headers).is_ok());
}

#[test]
fn another_version_is_refused() {
    for value in ["0", "2", "x"] {
        assert_eq!(verify(&with(PROTOCOL, value)), Err(SignatureFault::UnsupportedVersion));
    }
    let mut headers = request().headers;
    headers.append(PROTOCOL, HeaderValue::from_static("1"));
    assert_eq!(verify(&headers), Err(SignatureFault::UnsupportedVersion));
    headers.remove(PROTOCOL);
    assert_eq!(verify(&headers), Err(SignatureFault::UnsupportedVersion));
    assert_eq!(
        verify(&HeaderMap::new()),
        Err(SignatureFault::Missing(SIGNATURE)),
        "no signature comes first"
    );
}

#[test]
fn a_signature_that_covers_less_more_or_something_else_is_refused() {
    for (from, to) in [
        (" \"waybill-recipient\"", ""),
        ("\"@path\"", "\"@target-uri\""),
        ("(\"@method\" \"@path\"", "(\"@path\" \"@method\""),
        ("\"waybill-message-id\")", "\"waybill-message-id\" \"date\")"),
        ("\"@method\"", "\"@method\";req"),
        (";tag=\"waybill\"", ""),
        (";tag=\"waybill\"", ";tag=\"other\""),
        (";tag=\"waybill\"", ";tag=\"waybill\";alg=\"hmac-sha256\""),
    ] {
        assert_eq!(verify(&replaced(SIGNATURE_INPUT, from, to)), Err(SignatureFault::NotCovered), "{to}");
    }
}

#[test]
fn another_body_is_refused() {
    let headers = request().headers;
    let got = verify_request(&Method::POST, PATH, &headers, b"{}", find_key, now());
    assert_eq!(got, Err(SignatureFault::WrongDigest));
    let forged =
        with(CONTENT_DIGEST, &waybill_protocol::digest::to_header(&waybill_protocol::digest::of(b"{}")));
    let got = verify_request(&Method::POST, PATH, &forged, b"{}", find_key, now());
    assert_eq!(got, Err(SignatureFault::BadSignature), "a fitting digest does not help");
}

#[test]
fn the_window_is_five_minutes_both_ways() {
    let headers = request().headers;
    let at = |seconds| verify_request(&Method::POST, PATH, &headers, BODY, find_key, after(seconds));
    for inside in [-300, 0, 300] {
        assert!(at(inside).is_ok(), "{inside}");
    }
    for outside in [-301, 301] {
        assert_eq!(at(outside), Err(SignatureFault::Stale { created: now(), now: after(outside) }));
    }
    let later = replaced(
        SIGNATURE_INPUT,
        &format!("created={}", now().timestamp()),
        &format!("created={}", after(9).timestamp()),
    );
    assert_eq!(verify(&later), Err(SignatureFault::BadSignature), "the time is signed");
}

#[test]
fn a_key_that_is_not_the_senders_is_refused() {
    assert_eq!(
        verify(&with(SENDER, &ASKED.to_string())),
        Err(SignatureFault::UnknownKey),
        "another member's key"
    );
    let own = key_of(ASKER).key_id();
    assert_eq!(
        verify(&replaced(SIGNATURE_INPUT, &own, &key_of(ASKED).key_id())),
        Err(SignatureFault::UnknownKey)
    );
    assert_eq!(verify(&replaced(SIGNATURE_INPUT, &own, "nobody")), Err(SignatureFault::UnknownKey));
}

#[test]
fn everything_covered_is_covered() {
    let headers = request().headers;
    let bad = Err(SignatureFault::BadSignature);
    assert_eq!(verify_request(&Method::PUT, PATH, &headers, BODY, find_key, now()), bad);
    assert_eq!(verify_request(&Method::POST, "/peer/v1/errors", &headers, BODY, find_key, now()), bad);
    assert_eq!(verify(&with(RECIPIENT, "1")), bad);
    assert_eq!(verify(&with(MESSAGE_ID, "06060606-0606-0606-0606-060606060606")), bad);
    assert_eq!(verify(&with(SIGNATURE, "waybill=:AAAA:")), bad);
}

fn response(status: StatusCode) -> HeaderMap {
    sign_response(&request().exchange, ASKED, status, ANSWER, &key_of(ASKED), now())
}

fn verify_answer(headers: &HeaderMap) -> Result<(), SignatureFault> {
    verify_response(&request().exchange, StatusCode::OK, headers, ANSWER, find_key, now())
}

#[test]
fn a_good_response_is_verified_and_dated() {
    let headers = response(StatusCode::OK);
    assert_eq!(verify_answer(&headers), Ok(()));
    assert_eq!(headers["date"], "Fri, 02 Jan 2026 03:04:05 GMT");
    assert_eq!(headers["content-type"], "application/json");
}

#[test]
fn a_refusal_can_be_signed_for_a_request_that_is_wrong() {
    let wrong = with(SENDER, &ASKER.to_string());
    let exchange = Exchange::read(&wrong).unwrap();
    let status = StatusCode::UNAUTHORIZED;
    let headers = sign_response(&exchange, ASKED, status, ANSWER, &key_of(ASKED), now());
    assert_eq!(verify_response(&request().exchange, status, &headers, ANSWER, find_key, now()), Ok(()));
    assert_eq!(Exchange::read(&with(SENDER, "nonsense")), None);
    assert_eq!(Exchange::read(&with(SIGNATURE, "nonsense")), None);
}

#[test]
fn a_response_to_another_request_is_refused() {
    let exchange = request().exchange;
    for other in [
        Exchange { message_id: Uuid::nil(), ..exchange.clone() },
        Exchange { sender: ASKED, ..exchange.clone() },
        Exchange { recipient: ASKER, ..exchange.clone() },
    ] {
        let got = verify_response(&other, StatusCode::OK, &response(StatusCode::OK), ANSWER, find_key, now());
        assert_eq!(got, Err(SignatureFault::OtherExchange), "{other:?}");
    }
    let other = Exchange { signature: vec![0; 64], ..exchange };
    let got = verify_response(&other, StatusCode::OK, &response(StatusCode::OK), ANSWER, find_key, now());
    assert_eq!(got, Err(SignatureFault::BadSignature), "same ids, another request");
}

#[test]
fn an_altered_response_is_refused() {
    let good = response(StatusCode::OK);
    let other_status =
        verify_response(&request().exchange, StatusCode::ACCEPTED, &good, ANSWER, find_key, now());
    assert_eq!(other_status, Err(SignatureFault::BadSignature));
    let other_body = verify_response(&request().exchange, StatusCode::OK, &good, b"{}", find_key, now());
    assert_eq!(other_body, Err(SignatureFault::WrongDigest));
    let late = verify_response(&request().exchange, StatusCode::OK, &good, ANSWER, find_key, after(301));
    assert_eq!(late, Err(SignatureFault::Stale { created: now(), now: after(301) }));
    let forged = sign_response(&request().exchange, ASKED, StatusCode::OK, ANSWER, &key_of(ASKER), now());
    assert_eq!(verify_answer(&forged), Err(SignatureFault::UnknownKey));
    assert_eq!(verify_answer(&HeaderMap::new()), Err(SignatureFault::Missing(SIGNATURE)));
}

#[test]
fn a_request_sent_back_is_no_response() {
    let mut headers = request().headers;
    headers.insert(SENDER, headers[RECIPIENT].clone());
    headers.insert(RECIPIENT, HeaderValue::from_str(&ASKER.to_string()).unwrap());
    assert_eq!(verify_answer(&headers), Err(SignatureFault::NotCovered));
}

#[test]
fn each_fault_has_its_documented_code() {
    for (fault, status, code) in [
        (SignatureFault::Missing(SENDER), 401, "SIGNATURE-MISSING"),
        (SignatureFault::Unparsable(SENDER), 401, "SIGNATURE-MISSING"),
        (SignatureFault::UnsupportedVersion, 400, "UNSUPPORTED-PROTOCOL-VERSION"),
        (SignatureFault::NotCovered, 401, "SIGNATURE-INVALID"),
        (SignatureFault::WrongDigest, 400, "DIGEST-MISMATCH"),
        (SignatureFault::Stale { created: now(), now: now() }, 401, "STALE-REQUEST"),
        (SignatureFault::UnknownKey, 401, "IDENTITY-KEY-NOT-VALID"),
        (SignatureFault::BadSignature, 401, "SIGNATURE-INVALID"),
    ] {
        let told = Fault::from(&fault);
        assert_eq!((told.status, &*told.code), (status, code), "{fault}");
    }
}

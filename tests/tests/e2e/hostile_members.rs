//! A member that signs well and means ill, against a real node: each refusal has its documented code, is signed and
//! audited, and nothing else happens.

use serde_json::{Value, json};
use waybill_domain::{Clock as _, VerificationUuid};
use waybill_runtime::SystemClock;
use waybill_store::tables::audit;
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_tests::{
    Answer, Letter, Listener, Member, OUR_ID, Pair, edit, edit_directory, random_uuid, unique_hash,
    verification,
};

use crate::DATABASE;

const UNPROVEN: &str = "unproven";
const HOSTILE: &str = "vasp:77";
const RESTING: &str = "vasp:78";

/// The robot's node, a member that is up to no good, and what the robot knew before that one began.
struct Scene {
    pair: Pair,
    robot: Listener,
    hostile: Member,
    /// A verified verification in which the hostile member is the originator.
    own: VerificationUuid,
    /// One between others.
    foreign: String,
    before: Value,
    refusals: Vec<(String, String)>,
}

impl Scene {
    async fn set() -> Self {
        let mut pair = Pair::prepare(DATABASE).await;
        let hostile = Member::new(77);
        edit_directory(&pair.state(), |members| {
            let like = members[1].clone();
            members.push(hostile.entry(&like));
            members.push(edit(Member::new(78).entry(&like), "active", json!(false)));
        });
        pair.ours.start(&pair.folder, &[]).await;
        let patient = ("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "20s");
        pair.robot.start(&pair.folder, &[patient]).await;
        let robot = Listener::of(pair.robot.party, &pair.state());
        let foreign = pair.ours.party.verify_until(&verification(), "VERIFIED").await;
        let own = a_uuid();
        hostile.question(&robot, own, &verification()["payload"]).await.send().await.ok();
        let before = pair.robot.party.everything().await;
        assert_eq!(before["records"][0], 2, "the foreign one and its own");
        Self { pair, robot, hostile, own, foreign, before, refusals: Vec::new() }
    }

    /// A message of the hostile member, good for others to spoil.
    fn letter(&self, message: &str, body: &Value) -> Letter {
        self.hostile.letter(&self.robot, message, body)
    }

    /// A report that would be taken.
    fn report(&self) -> Letter {
        self.letter("transactions", &json!({"verificationUuid": self.own, "txHash": unique_hash()}))
    }

    async fn question(&self, payload: &Value) -> Letter {
        self.hostile.question(&self.robot, a_uuid(), payload).await
    }

    async fn refuses(&mut self, letter: &Letter, status: u16, code: &str, actor: &str) -> Answer {
        let body = letter.body.clone();
        self.refuses_body(letter, &body, status, code, actor).await
    }

    async fn refuses_body(
        &mut self,
        letter: &Letter,
        body: &str,
        status: u16,
        code: &str,
        actor: &str,
    ) -> Answer {
        let answer = letter.send_with_body(body).await;
        answer.is_refused(status, code);
        self.refusals.push((actor.to_owned(), code.to_owned()));
        answer
    }

    /// The refusals were all audited, and nothing else happened.
    async fn ends_as_it_began(mut self) {
        assert_eq!(self.pair.robot.party.everything().await, self.before);
        assert_eq!(self.audited().await, self.refusals);
    }

    /// Actor and code of each refusal in the robot's audit, after its node ended.
    async fn audited(&mut self) -> Vec<(String, String)> {
        self.pair.robot.stop().await;
        let path = self.pair.state().join("robot/waybill.sqlite");
        let store = Store::open(&StoreOptions::Sqlite { path, readers: 1 }).await.unwrap();
        let read: Result<_, StoreError> =
            store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1000))).await;
        store.close().await;
        let refused = read.unwrap().into_iter().rev().filter(|entry| entry.event == "PEER-REFUSED");
        let code_of = |detail: &str| serde_json::from_str::<Value>(detail).unwrap()["code"].clone();
        refused.map(|entry| (entry.actor, code_of(&entry.detail).as_str().unwrap().to_owned())).collect()
    }
}

/// The uuid of a verification that is nobody's yet.
pub fn a_uuid() -> VerificationUuid {
    VerificationUuid::from_random(*random_uuid().as_bytes())
}

#[tokio::test]
async fn what_is_not_signed_by_an_active_member_for_us_and_now_is_refused() {
    let mut scene = Scene::set().await;
    let good = scene.report();
    let altered = good.body.replace("txHash", "txHush");
    scene.refuses_body(&good, &altered, 400, "DIGEST-MISMATCH", UNPROVEN).await;
    for seconds in [-310, 310] {
        let signed_at = SystemClock.now() + chrono::TimeDelta::seconds(seconds);
        let stale = Letter { signed_at, ..good.clone() };
        let answer = scene.refuses(&stale, 401, "STALE-REQUEST", UNPROVEN).await;
        assert!(answer.headers.contains_key("date"), "{answer:?}");
    }
    let stranger = Member::new(79);
    let unknown = Letter { sender: stranger.vasp_id, identity: stranger.identity.clone(), ..good.clone() };
    scene.refuses(&unknown, 403, "UNKNOWN-SENDER", UNPROVEN).await;
    let borrowed = Letter { sender: OUR_ID.parse().unwrap(), ..good.clone() };
    scene.refuses(&borrowed, 401, "IDENTITY-KEY-NOT-VALID", UNPROVEN).await;
    let forged = Letter { identity: stranger.identity, ..good.clone() };
    scene.refuses(&forged, 401, "IDENTITY-KEY-NOT-VALID", UNPROVEN).await;
    let resting = Member::new(78).letter(&scene.robot, "keys", &json!({"keyType": "PerVasp"}));
    scene.refuses(&resting, 403, "INACTIVE-SENDER", RESTING).await;
    let misdirected = Letter { recipient: OUR_ID.parse().unwrap(), ..good.clone() };
    scene.refuses(&misdirected, 403, "WRONG-RECIPIENT", HOSTILE).await;
    scene.ends_as_it_began().await;
}

#[tokio::test]
async fn bodies_and_payloads_that_break_the_rules_are_refused() {
    let mut scene = Scene::set().await;
    let said = |body: String| Letter { body, ..scene.report() };
    let large = said(format!("{{\"a\":\"{}\"}}", "b".repeat(131_072)));
    let deep = said(format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000)));
    let nonsense = said("nonsense".to_owned());
    scene.refuses(&large, 413, "PAYLOAD-TOO-LARGE", UNPROVEN).await;
    scene.refuses(&deep, 400, "NESTED-TOO-DEEPLY", HOSTILE).await;
    scene.refuses(&nonsense, 400, "MALFORMED-JSON", HOSTILE).await;

    let usual = verification()["payload"].clone();
    for (path, value) in [
        ("version", Value::Null),
        ("ivms101", json!("nobody")),
        ("ivms101.originator", Value::Null),
        ("ivms101.beneficiary.accountNumber", json!([])),
    ] {
        let invalid = scene.question(&edit(usual.clone(), path, value)).await;
        scene.refuses(&invalid, 422, "INVALID-PAYLOAD", HOSTILE).await;
    }
    let fat = edit(usual.clone(), "ivms101.originator.originatorPersons", json!(["x".repeat(60_000)]));
    let fat = scene.question(&fat).await;
    scene.refuses(&fat, 413, "PAYLOAD-TOO-LARGE", HOSTILE).await;

    let good = scene.question(&usual).await;
    let moved = Letter { message_id: random_uuid(), ..good.clone() };
    scene.refuses(&moved, 400, "UNREADABLE-PAYLOAD", HOSTILE).await;
    let body: Value = serde_json::from_str(&good.body).unwrap();
    let unknown_key =
        Letter { body: edit(body, "sealed.keyId", json!("nobody's")).to_string(), ..good.clone() };
    scene.refuses(&unknown_key, 409, "UNKNOWN-KEY", HOSTILE).await;
    scene.ends_as_it_began().await;
}

#[tokio::test]
async fn a_member_has_no_say_in_the_verifications_of_others_or_on_the_other_side() {
    let mut scene = Scene::set().await;
    let sealed = json!({"suite": "S", "keyId": "k", "enc": "", "ciphertext": ""});
    for (message, more) in [
        ("transactions", json!({"txHash": unique_hash()})),
        ("errors", json!({"result": "ERROR", "reason": "USER-CANCELED"})),
        ("expiries", json!({"expiresAt": "2026-01-02T03:04:05.000Z"})),
        ("inquiries", json!({})),
        ("answers", json!({"sealed": sealed})),
    ] {
        let about = |uuid: Value| {
            let mut body = json!({"verificationUuid": uuid});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            scene.letter(message, &body)
        };
        let (foreign, own) = (about(json!(scene.foreign)), about(json!(scene.own)));
        scene.refuses(&foreign, 404, "VERIFICATION-NOT-FOUND", HOSTILE).await;
        if ["inquiries", "answers"].contains(&message) {
            scene.refuses(&own, 403, "WRONG-ROLE", HOSTILE).await;
        }
    }
    let taken = scene.foreign.parse().unwrap();
    let usurped = scene.hostile.question(&scene.robot, taken, &verification()["payload"]).await;
    scene.refuses(&usurped, 409, "VERIFICATION-CONFLICT", HOSTILE).await;
    scene.ends_as_it_began().await;
}

#[tokio::test]
async fn what_is_said_twice_happens_once_and_what_is_changed_is_refused() {
    let mut scene = Scene::set().await;
    let report = scene.report();
    let answers = [report.send().await, report.send().await];
    assert_eq!(answers.map(|answer| answer.ok()), [json!({"result": true}), json!({"result": true})]);
    let other = scene.report().body;
    let reused = Letter { body: other.clone(), ..report.clone() };
    scene.refuses(&reused, 409, "MESSAGE-ID-REUSED", HOSTILE).await;
    let again = Letter { message_id: random_uuid(), ..report.clone() };
    assert_eq!(again.send().await.ok(), json!({"result": true}));
    let contradicted = Letter { body: other, ..scene.report() };
    scene.refuses(&contradicted, 409, "TX-ALREADY-REPORTED", HOSTILE).await;
    // The refusal is kept like any answer: the very same message gets it again, and is audited once.
    contradicted.send().await.is_refused(409, "TX-ALREADY-REPORTED");

    let robot = scene.pair.robot.party;
    let (own, said) = (scene.own.to_string(), serde_json::from_str::<Value>(&report.body).unwrap());
    assert_eq!(robot.backend.callback(&own, "TX_REPORT").await["txHash"], said["txHash"]);
    assert_eq!(robot.record(&own).await["txHash"], said["txHash"]);
    assert_eq!(scene.audited().await, scene.refusals);
    assert_eq!(robot.backend.callbacks(&own).await.len(), 1);
}

#[tokio::test]
async fn a_captured_message_is_worth_nothing_elsewhere() {
    let scene = Scene::set().await;
    let ours = Listener::of(scene.pair.ours.party, &scene.pair.state());
    let before = scene.pair.ours.party.everything().await;
    let captured = Letter { to: ours, ..scene.report() };
    captured.send().await.is_refused(403, "WRONG-RECIPIENT");
    let elsewhere = Letter { path: "/peer/v1/expiries".to_owned(), ..scene.report() };
    elsewhere.send().await.is_refused(400, "MISSING-EXPIRES-AT");
    assert_eq!(scene.pair.ours.party.everything().await, before);
}

//! What a node remembers beside verifications: messages, answers, API keys, health, facts, deliveries.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::{ApiKeyId, CommandId, Timestamp, VaspId};
use waybill_store::tables::api_keys::{self, ApiKeyRow};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::callback_deliveries::{self, CallbackDelivery};
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::member_health::{self, MemberHealth};
use waybill_store::tables::received_messages::{self, SeenMessage};
use waybill_store::tables::{commands, facts, sizes};

use crate::house::House;
use crate::samples::*;

impl House {
    async fn see(&self, sender: VaspId, id: &str, digest: &'static str, received_at: Timestamp) -> bool {
        self.write(id.to_owned(), move |tx, id| {
            Box::pin(received_messages::insert(tx, sender, id, digest, received_at))
        })
        .await
        .unwrap()
    }

    async fn seen(&self, sender: VaspId, id: &str) -> Option<SeenMessage> {
        let seen = self.read(id.to_owned(), |tx, id| Box::pin(received_messages::find(tx, sender, id)));
        seen.await.unwrap()
    }

    async fn keep(&self, scope: &'static str, key: &str, body: &str, millis: i64) -> bool {
        let answer = KeptAnswer { request_digest: "digest".to_owned(), status: 200, body: body.to_owned() };
        self.write((key.to_owned(), answer), move |tx, (key, answer)| {
            Box::pin(idempotency::insert(tx, scope, key, answer, at(millis)))
        })
        .await
        .unwrap()
    }

    async fn kept(&self, scope: &'static str, key: &'static str) -> Option<KeptAnswer> {
        self.read((), |tx, ()| Box::pin(idempotency::find(tx, scope, key))).await.unwrap()
    }
}

pub async fn a_message_is_seen_once_and_keeps_its_answer(house: House) {
    assert!(house.seen(PEER, "m").await.is_none());
    let seen = join_all((0..20).map(|_| house.see(PEER, "m", "digest", at(0)))).await;
    assert_eq!(seen.iter().filter(|new| **new).count(), 1, "of many at once one is the first");
    assert!(!house.see(PEER, "m", "other digest", at(1)).await);
    assert!(house.see(OTHER_PEER, "m", "digest", at(0)).await, "ids are the sender's own");
    let before = house.seen(PEER, "m").await.unwrap();
    assert_eq!((before.digest.as_str(), before.answer), ("digest", None));
    let keep =
        house.write((), |tx, ()| Box::pin(received_messages::keep_answer(tx, PEER, "m", 202, "{\"a\":1}")));
    keep.await.unwrap();
    let after = house.seen(PEER, "m").await.unwrap();
    assert_eq!(after.answer, Some((202, "{\"a\":1}".to_owned())));
    assert_eq!(house.seen(OTHER_PEER, "m").await.unwrap().answer, None);
}

pub async fn seen_messages_are_forgotten_oldest_allowed_first(house: House) {
    for number in 0..10 {
        house.see(PEER, &number.to_string(), "digest", at(number)).await;
    }
    let purge = async |before, limit| {
        let purged = house.write((), move |tx, ()| Box::pin(received_messages::purge(tx, at(before), limit)));
        purged.await.unwrap()
    };
    assert_eq!(purge(5, 3).await, 3, "as many as allowed");
    assert_eq!(purge(5, 100).await, 2);
    assert_eq!(purge(5, 100).await, 0);
    assert!(house.seen(PEER, "4").await.is_none());
    assert!(house.seen(PEER, "5").await.is_some(), "not what is as young as the bound");
}

pub async fn one_of_many_concurrent_idempotent_requests_wins(house: House) {
    let kept = join_all((0..50).map(|number| {
        let house = &house;
        async move { house.keep("POST /v1/verifications", "key", &format!("answer {number}"), 0).await }
    }))
    .await;
    let winner = kept.iter().position(|kept| *kept).unwrap();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 1);
    let answer = house.kept("POST /v1/verifications", "key").await.unwrap();
    assert_eq!((answer.status, answer.body), (200, format!("answer {winner}")));
    assert_eq!(answer.request_digest, "digest");
    assert!(house.keep("another scope", "key", "mine", 0).await);
    assert!(house.keep("POST /v1/verifications", "KEY", "mine", 0).await, "keys differ by case");
}

pub async fn kept_answers_are_forgotten(house: House) {
    for (key, millis) in [("a", 0), ("b", 1), ("c", 2)] {
        house.keep("scope", key, "answer", millis).await;
    }
    let purge = async |limit| {
        house.write((), move |tx, ()| Box::pin(idempotency::purge(tx, at(2), limit))).await.unwrap()
    };
    assert_eq!((purge(1).await, purge(100).await, purge(100).await), (1, 1, 0));
    assert!(house.kept("scope", "b").await.is_none());
    assert!(house.kept("scope", "c").await.is_some());
    assert!(house.keep("scope", "a", "new answer", 3).await, "a forgotten key may be used again");
}

pub async fn api_keys_are_added_listed_and_revoked(house: House) {
    let key = |id: &str, millis| ApiKeyRow {
        id: ApiKeyId(id.to_owned()),
        name: "Back office".to_owned(),
        secret_hash: "00ff".to_owned(),
        scopes: "verifications:write,personal-data:read".to_owned(),
        created_at: at(millis),
        revoked_at: None,
    };
    let add = async |key| house.write(key, |tx, key| Box::pin(api_keys::insert(tx, key))).await;
    let revoke = async |id: &str, millis| {
        let revoked = house
            .write(ApiKeyId(id.to_owned()), move |tx, id| Box::pin(api_keys::revoke(tx, id, at(millis))));
        revoked.await.unwrap()
    };
    add(key("second", 2)).await.unwrap();
    add(key("first", 1)).await.unwrap();
    assert!(add(key("first", 3)).await.is_err(), "an id is one key's");
    assert!(revoke("first", 9).await);
    assert!(!revoke("first", 10).await, "once");
    assert!(!revoke("unknown", 10).await);
    let keys = house.read((), |tx, ()| Box::pin(api_keys::list(tx))).await.unwrap();
    let [first, second] = &keys[..] else { panic!("{keys:?}") };
    assert_eq!((first.id.0.as_str(), first.revoked_at), ("first", Some(at(9))));
    assert_eq!((second.id.0.as_str(), second.revoked_at), ("second", None));
    let added = key("second", 2);
    assert_eq!((&second.name, &second.secret_hash), (&added.name, &added.secret_hash));
    assert_eq!((&second.scopes, second.created_at), (&added.scopes, added.created_at));
}

pub async fn member_health_and_facts_keep_the_latest(house: House) {
    let health = |vasp_id, up, streak, millis| MemberHealth {
        vasp_id,
        up,
        streak,
        checked_at: at(millis),
        changed_at: at(0),
    };
    let put = async |health: MemberHealth| {
        house.write(health, |tx, health| Box::pin(member_health::put(tx, health))).await.unwrap();
    };
    put(health(PEER, true, 3, 1)).await;
    put(health(OTHER_PEER, true, 1, 2)).await;
    put(health(PEER, false, -2, 3)).await;
    let mut all = house.read((), |tx, ()| Box::pin(member_health::all(tx))).await.unwrap();
    all.sort_by_key(|health| health.vasp_id);
    assert_eq!(all, [health(PEER, false, -2, 3), health(OTHER_PEER, true, 1, 2)]);

    let get = async |name| house.read((), move |tx, ()| Box::pin(facts::get(tx, name))).await.unwrap();
    assert_eq!(get("directory version").await, None);
    for value in ["41", "42"] {
        let put = house.write((), move |tx, ()| Box::pin(facts::put(tx, "directory version", value, at(0))));
        put.await.unwrap();
    }
    assert_eq!(get("directory version").await.as_deref(), Some("42"));
}

fn delivery(attempt: u32, outcome: &str, http_status: Option<u32>) -> CallbackDelivery {
    CallbackDelivery {
        command_id: command(1).id,
        verification_uuid: uuid(1),
        callback_type: "VERIFICATION_RESULT".to_owned(),
        attempt,
        attempted_at: at(attempt.into()),
        outcome: outcome.to_owned(),
        http_status,
        took: Duration::from_millis(1234),
        out_of_order: attempt == 2,
    }
}

impl House {
    async fn log_delivery(&self, attempt: CallbackDelivery) {
        let added = self.write(attempt, |tx, attempt| Box::pin(callback_deliveries::insert(tx, attempt)));
        added.await.unwrap();
    }

    async fn deliveries(&self, id: CommandId) -> Vec<CallbackDelivery> {
        let log = self.read(id, |tx, id| Box::pin(callback_deliveries::of_command(tx, *id)));
        log.await.unwrap()
    }
}

pub async fn the_log_of_deliveries_goes_with_its_callback(house: House) {
    house.add_commands(vec![command(1), command(2)]).await;
    let claimed = house.claim(2, "a", LONG).await;
    house.finish(&claimed[0]).await.unwrap();
    house.fail(&claimed[1], "the backend is gone").await.unwrap();
    let given_up = CallbackDelivery { command_id: command(2).id, ..delivery(1, "TIMEOUT", None) };
    for attempt in [delivery(1, "TIMEOUT", None), given_up, delivery(2, "DELIVERED", Some(200))] {
        house.log_delivery(attempt).await;
    }
    let far = at(3_000_000_000_000);
    let purged = house.write((), move |tx, ()| Box::pin(commands::purge_done(tx, far, 100))).await.unwrap();
    assert_eq!((purged.commands, purged.deliveries), (1, 2));
    assert!(house.deliveries(command(1).id).await.is_empty());
    assert_eq!(house.deliveries(command(2).id).await.len(), 1, "operators look into what was given up");
}

pub async fn deliveries_are_logged_in_order(house: House) {
    let other = CallbackDelivery { command_id: command(2).id, ..delivery(1, "DELIVERED", Some(200)) };
    for attempt in [delivery(1, "TIMEOUT", None), other, delivery(2, "DELIVERED", Some(200))] {
        house.log_delivery(attempt).await;
    }
    let log = house.deliveries(command(1).id).await;
    let [first, second] = &log[..] else { panic!("{log:?}") };
    assert_eq!((first.attempt, first.outcome.as_str(), first.http_status), (1, "TIMEOUT", None));
    assert_eq!((second.attempt, second.outcome.as_str(), second.http_status), (2, "DELIVERED", Some(200)));
    assert_eq!((first.verification_uuid, first.callback_type.as_str()), (uuid(1), "VERIFICATION_RESULT"));
    assert_eq!((first.attempted_at, first.took), (at(1), Duration::from_millis(1234)));
    assert_eq!((first.out_of_order, second.out_of_order), (false, true));
}

pub async fn a_verifications_messages_commands_and_audit_take_four_byte_characters(house: House) {
    const TEXT: &str = "😀 𝔘 漢字";
    let mut new = command(1).in_group(TEXT).traced(Some(TEXT.to_owned()));
    new.body = TEXT.to_owned();
    house.add_commands(vec![new.clone()]).await;
    let claimed = house.claim(1, TEXT, LONG).await.remove(0);
    assert_eq!((claimed.body.as_str(), claimed.lease_token.as_str()), (TEXT, TEXT));
    assert_eq!((claimed.group_key.as_deref(), claimed.traceparent.as_deref()), (Some(TEXT), Some(TEXT)));
    let failed = house.write(claimed, |tx, command| Box::pin(commands::fail(tx, command, TEXT)));
    failed.await.unwrap();
    assert_eq!(house.command(&new).await.last_error.as_deref(), Some(TEXT));

    house.see(PEER, TEXT, TEXT, at(0)).await;
    let keep = house.write((), |tx, ()| Box::pin(received_messages::keep_answer(tx, PEER, TEXT, 200, TEXT)));
    keep.await.unwrap();
    let seen = house.seen(PEER, TEXT).await.unwrap();
    assert_eq!((seen.digest.as_str(), seen.answer), (TEXT, Some((200, TEXT.to_owned()))));

    house.keep(TEXT, TEXT, TEXT, 0).await;
    assert_eq!(house.kept(TEXT, TEXT).await.unwrap().body, TEXT);

    let entry = AuditEntry {
        at: at(0),
        event: "TEST",
        actor: TEXT.to_owned(),
        subject: Some(TEXT.to_owned()),
        detail: serde_json::json!({ TEXT: TEXT }),
    };
    house.write(entry, |tx, entry| Box::pin(audit::append(tx, entry))).await.unwrap();
    let row = house.read((), |tx, ()| Box::pin(audit::newest(tx, 1))).await.unwrap().remove(0);
    assert_eq!((row.actor.as_str(), row.subject.as_deref()), (TEXT, Some(TEXT)));
    assert_eq!(row.detail, serde_json::json!({ TEXT: TEXT }).to_string());
}

/// What peers and backends are answered is stored as sent: sealed, and a third longer in text form.
pub async fn long_answers_and_bodies_are_kept_whole(house: House) {
    let (answer, body) = ("a".repeat(90_000), "b".repeat(65_535));
    house.see(PEER, "m", "digest", at(0)).await;
    let keep = house.write(answer.clone(), |tx, answer| {
        Box::pin(received_messages::keep_answer(tx, PEER, "m", 200, answer))
    });
    keep.await.unwrap();
    assert_eq!(house.seen(PEER, "m").await.unwrap().answer, Some((200, answer.clone())));
    house.keep("scope", "key", &answer, 0).await;
    assert_eq!(house.kept("scope", "key").await.unwrap().body, answer);
    let long = commands::NewCommand { body: body.clone(), ..command(1) };
    house.add_commands(vec![long]).await;
    assert_eq!(house.claim(1, "a", LONG).await[0].body, body);
}

pub async fn the_room_that_records_take_is_known(house: House) {
    house.add((0..20).map(verification).collect()).await;
    let sizes = house.store.sizes().await.unwrap();
    assert_eq!(sizes.verifications, 20);
    assert!(sizes.verifications_bytes >= 8192 && sizes.all_bytes > sizes.verifications_bytes, "{sizes:?}");
    let of_table = house.read((), |tx, ()| Box::pin(sizes::of_table(tx, "verifications")));
    assert_eq!(of_table.await.unwrap(), sizes.verifications_bytes);
}

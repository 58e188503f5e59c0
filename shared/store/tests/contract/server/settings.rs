//! Settings of the server, its user or its database that must not matter, and those of ours that do.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use secrecy::SecretString;
use waybill_store::tables::facts;
use waybill_store::{ServerOptions, ServerTls, Store, StoreError, StoreOptions};
use waybill_testkit::servers::{self, Server, ServerKind};

use super::{Remote, over_both};
use crate::house::{House, Place};
use crate::samples::*;

over_both! {
    times_are_utc_wherever_the_server_is,
    a_server_with_a_lax_mode_cuts_nothing_off,
    both_spellings_of_the_scheme_are_known,
    encryption_that_was_asked_for_is_not_done_without,
}

/// Server, database and session are in zones of their own.
async fn times_are_utc_wherever_the_server_is(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    match remote.kind() {
        ServerKind::MariaDb => {
            remote.raw_as_administrator("SET GLOBAL time_zone = '+09:00'").await;
        }
        ServerKind::Postgres => {
            let database = remote.query("SELECT current_database()");
            remote.query(&format!("ALTER DATABASE {} SET timezone TO 'Asia/Seoul'", database.trim()));
        }
    }
    remote.migrate().await.unwrap();
    let store = remote.open().await.unwrap();
    let house = House { store, place: Place::Remote(remote.clone()) };
    house.add(vec![verification(1)]).await;
    assert_eq!(house.find(uuid(1)).await.unwrap().created_at, at(1));
    let stored = remote.query("SELECT created_at FROM verifications");
    assert_eq!(stored.trim(), "2026-01-02 03:04:05.001");

    house.add_commands(vec![command(1), command(2).after(LONG)]).await;
    #[expect(clippy::disallowed_methods, reason = "the database's clock is compared with the machine's")]
    let now = Utc::now();
    let off = house.command(&command(1)).await.due_at - now;
    assert!(off.abs() < TimeDelta::minutes(5), "the database's clock is read as UTC: {off}");
    let wait = house.next_due().await.unwrap();
    assert!(wait.is_zero(), "{wait:?}");
    assert_eq!(numbers(&house.claim(10, "a", Duration::from_millis(1)).await), [1]);
    house.until_requeued(1).await;
    house.store.close().await;
}

/// A value that does not fit is refused, whatever the server would do for others.
async fn a_server_with_a_lax_mode_cuts_nothing_off(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    if remote.kind() == ServerKind::MariaDb {
        remote.raw_as_administrator("SET GLOBAL sql_mode = ''").await;
    }
    remote.migrate().await.unwrap();
    let store = remote.open().await.unwrap();
    let too_long = store.write("test", (), |tx, ()| {
        Box::pin(async move { facts::put(tx, &"n".repeat(9999), "v", at(0)).await })
    });
    let refused: Result<(), StoreError> = too_long.await;
    assert!(matches!(refused, Err(StoreError::Refused { statement: "facts::put", .. })), "{refused:?}");
    store.close().await;
}

async fn both_spellings_of_the_scheme_are_known(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let (scheme, rest) = remote.url().split_once("://").unwrap();
    let other = if scheme == "mysql" { "mariadb" } else { "postgresql" };
    let url = SecretString::from(format!("{other}://{rest}"));
    let options = ServerOptions { url, ..remote.server_options() };
    Store::open(&StoreOptions::Server(options)).await.unwrap().close().await;
}

/// The servers of the tests have no certificate.
async fn encryption_that_was_asked_for_is_not_done_without(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    for tls in [ServerTls::Encrypted, ServerTls::Authority, ServerTls::Full] {
        let options = ServerOptions { tls, ..remote.server_options() };
        let refused = Store::open(&StoreOptions::Server(options)).await.map(drop);
        assert!(matches!(&refused, Err(StoreError::Setup(why)) if why.contains("TLS")), "{refused:?}");
    }
}

#[tokio::test]
async fn a_server_without_autocommit_commits_what_is_done() {
    let remote = Remote::on(super::encryption::mariadb).await;
    remote.migrate().await.unwrap();
    assert_eq!(remote.migrate().await.unwrap(), Vec::<String>::new(), "every step is finished");
    let store = remote.open().await.unwrap();
    let put = store.write("test", (), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0))));
    put.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let found = store.read("test", (), |tx, ()| Box::pin(facts::get(tx, "name")));
    assert_eq!(found.await.unwrap_or_else(|error: StoreError| panic!("{error}")).as_deref(), Some("value"));
    // What has read and is idle holds no table.
    remote.raw("SET lock_wait_timeout = 3; ALTER TABLE node_facts COMMENT = 'changed'").await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn the_tables_may_be_in_a_schema_of_their_own() {
    let remote = Remote::on(servers::postgres).await;
    let options = ServerOptions { schema: Some("apart".to_owned()), ..remote.server_options() };
    let options = StoreOptions::Server(options);
    let missing = Store::migrate(&options).await;
    assert!(matches!(&missing, Err(StoreError::Setup(why)) if why.contains("no schema")), "{missing:?}");
    remote.raw("CREATE SCHEMA apart").await.unwrap();
    Store::migrate(&options).await.unwrap();
    let store = Store::open(&options).await.unwrap();
    let put = store.write("test", (), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0))));
    put.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    assert_eq!(remote.query("SELECT value FROM apart.node_facts").trim(), "value");
    assert_eq!(remote.query("SELECT to_regclass('public.node_facts')").trim(), "");
    store.close().await;
}

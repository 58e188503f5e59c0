//! Connections that end, hang, or are all in use.

use std::time::Duration;

use futures_util::future::join_all;
use secrecy::SecretString;
use url::Url;
use waybill_store::tables::facts;
use waybill_store::{ServerOptions, Store, StoreError, StoreOptions};
use waybill_testkit::ChaosProxy;
use waybill_testkit::servers::{Server, ServerKind};

use super::{Remote, over_both};
use crate::samples::*;

over_both! {
    a_connection_that_was_ended_is_replaced_unnoticed,
    a_server_that_is_away_is_unavailable_and_found_again,
    a_server_that_hangs_is_unavailable,
    more_work_than_connections_waits_its_turn,
    a_statement_that_waits_too_long_is_given_up,
}

async fn put(store: &Store, name: &'static str) -> Result<(), StoreError> {
    store.write("test", name, |tx, name| Box::pin(facts::put(tx, name, "value", at(0)))).await
}

async fn get(store: &Store, name: &'static str) -> Result<Option<String>, StoreError> {
    store.read("test", name, |tx, name| Box::pin(facts::get(tx, name))).await
}

fn quick(options: ServerOptions) -> StoreOptions {
    StoreOptions::Server(ServerOptions {
        acquire_timeout: Duration::from_secs(2),
        statement_timeout: Duration::from_secs(1),
        ..options
    })
}

/// A proxy before the server, and a store that goes through it.
async fn behind_a_proxy(remote: &Remote) -> (ChaosProxy, Store) {
    remote.migrate().await.unwrap();
    let mut url = Url::parse(remote.url()).unwrap();
    let port = url.port().unwrap();
    let proxy = ChaosProxy::start(([127, 0, 0, 1], port).into()).await;
    url.set_port(Some(proxy.address().port())).unwrap();
    let options = ServerOptions { url: SecretString::from(url.as_str()), ..remote.server_options() };
    (proxy, Store::open(&quick(options)).await.unwrap())
}

/// As an administrator or a failover does it.
async fn a_connection_that_was_ended_is_replaced_unnoticed(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let store = remote.open().await.unwrap();
    for name in ["1", "2", "3"] {
        put(&store, name).await.unwrap();
        assert!(get(&store, name).await.unwrap().is_some());
        end_all_others(&remote).await;
    }
    put(&store, "4").await.unwrap();
    end_all_others(&remote).await;
    assert!(get(&store, "4").await.unwrap().is_some());
    store.close().await;
}

async fn end_all_others(remote: &Remote) {
    match remote.kind() {
        ServerKind::Postgres => {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            remote.query(end);
        }
        ServerKind::MariaDb => {
            let ids = remote.query(
                "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
            );
            for id in ids.lines() {
                remote.raw(&format!("KILL {id}")).await.unwrap();
            }
        }
    }
}

async fn a_server_that_is_away_is_unavailable_and_found_again(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let (proxy, store) = behind_a_proxy(&remote).await;
    join_all((0..6).map(|_| put(&store, "before"))).await.into_iter().for_each(|put| put.unwrap());
    proxy.cut();
    for refused in [put(&store, "away").await, get(&store, "before").await.map(drop)] {
        assert!(matches!(&refused, Err(error) if error.is_transient()), "{refused:?}");
    }
    proxy.restore();
    put(&store, "after").await.unwrap();
    assert_eq!(get(&store, "away").await.unwrap(), None);
    assert!(get(&store, "after").await.unwrap().is_some());
    store.close().await;
}

async fn a_server_that_hangs_is_unavailable(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let (proxy, store) = behind_a_proxy(&remote).await;
    put(&store, "before").await.unwrap();
    proxy.stall();
    let hung = tokio::time::timeout(Duration::from_secs(60), put(&store, "hung")).await.unwrap();
    assert!(matches!(&hung, Err(error) if error.is_transient()), "{hung:?}");
    proxy.cut();
    proxy.restore();
    put(&store, "after").await.unwrap();
    store.close().await;
}

async fn more_work_than_connections_waits_its_turn(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let options = ServerOptions { connections: 1, ..remote.server_options() };
    let store = Store::open(&StoreOptions::Server(options)).await.unwrap();
    let work = (0..40).map(async |number| match number % 2 {
        0 => put(&store, "name").await,
        _ => get(&store, "name").await.map(drop),
    });
    for done in join_all(work).await {
        done.unwrap();
    }
    store.close().await;
}

/// Somebody else's transaction holds the row for longer than a statement may take.
async fn a_statement_that_waits_too_long_is_given_up(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let store = Store::open(&quick(remote.server_options())).await.unwrap();
    put(&store, "name").await.unwrap();
    let holder = remote.clone();
    let (held, release) = (tokio::sync::oneshot::channel(), tokio::sync::oneshot::channel());
    let hold = tokio::spawn(async move { holder.hold_facts(held.0, release.1).await });
    held.1.await.unwrap();
    let refused = tokio::time::timeout(Duration::from_secs(60), put(&store, "name")).await.unwrap();
    assert!(matches!(&refused, Err(error) if error.is_transient()), "{refused:?}");
    release.0.send(()).unwrap();
    hold.await.unwrap();
    put(&store, "name").await.unwrap();
    store.close().await;
}

//! Connections that end, hang, or are all in use.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::{join_all, pending};
use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use url::Url;
use waybill_store::tables::facts;
use waybill_store::{ServerOptions, Store, StoreError, StoreOptions};
use waybill_testkit::servers::{Server, ServerKind};
use waybill_testkit::{ChaosProxy, eventually};

use super::{Remote, over_both};
use crate::samples::*;

over_both! {
    a_connection_that_was_ended_is_replaced_unnoticed,
    a_server_that_is_away_is_unavailable_and_found_again,
    a_server_that_hangs_is_unavailable,
    a_start_does_not_wait_for_ever_for_a_server_that_hangs,
    connections_that_were_forgotten_on_the_way_are_replaced,
    more_work_than_connections_waits_its_turn,
    a_statement_that_waits_too_long_is_given_up,
    a_transaction_that_is_left_open_is_ended_by_the_server,
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
    let (proxy, options) = proxy_before(remote).await;
    (proxy, Store::open(&options).await.unwrap())
}

async fn proxy_before(remote: &Remote) -> (ChaosProxy, StoreOptions) {
    remote.migrate().await.unwrap();
    let mut url = Url::parse(remote.url()).unwrap();
    let port = url.port().unwrap();
    let proxy = ChaosProxy::start(([127, 0, 0, 1], port).into()).await;
    url.set_port(Some(proxy.address().port())).unwrap();
    let options = ServerOptions { url: SecretString::from(url.as_str()), ..remote.server_options() };
    (proxy, quick(options))
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
    assert!(store.is_away());
    proxy.restore();
    put(&store, "after").await.unwrap();
    assert!(!store.is_away());
    assert_eq!(get(&store, "away").await.unwrap(), None);
    assert!(get(&store, "after").await.unwrap().is_some());
    store.close().await;
}

async fn a_server_that_hangs_is_unavailable(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let (proxy, store) = behind_a_proxy(&remote).await;
    put(&store, "before").await.unwrap();
    proxy.stall();
    let hung = timeout(Duration::from_secs(60), put(&store, "hung")).await.unwrap();
    assert!(matches!(&hung, Err(error) if error.is_transient()), "{hung:?}");
    proxy.cut();
    proxy.restore();
    put(&store, "after").await.unwrap();
    store.close().await;
}

async fn a_start_does_not_wait_for_ever_for_a_server_that_hangs(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let (proxy, options) = proxy_before(&remote).await;
    proxy.stall();
    for attempt in [Store::open(&options).await.map(drop), Store::missing_steps(&options).await.map(drop)] {
        assert!(matches!(&attempt, Err(error) if error.is_transient()), "{attempt:?}");
    }
}

async fn connections_that_were_forgotten_on_the_way_are_replaced(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let (proxy, store) = behind_a_proxy(&remote).await;
    join_all((0..6).map(|_| put(&store, "before"))).await.into_iter().for_each(|put| put.unwrap());
    proxy.forget();
    sleep(Duration::from_millis(1100)).await; // until they are no longer trusted
    put(&store, "after").await.unwrap();
    assert!(get(&store, "after").await.unwrap().is_some());
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
    let (held, release) = (oneshot::channel(), oneshot::channel());
    let hold = tokio::spawn(async move { holder.hold_facts(held.0, release.1).await });
    held.1.await.unwrap();
    let refused = timeout(Duration::from_secs(60), put(&store, "name")).await.unwrap();
    assert!(matches!(&refused, Err(error) if error.is_transient()), "{refused:?}");
    release.0.send(()).unwrap();
    hold.await.unwrap();
    put(&store, "name").await.unwrap();
    store.close().await;
}

/// A process that hangs, or whose machine is gone, keeps nobody from the rows that it had changed.
async fn a_transaction_that_is_left_open_is_ended_by_the_server(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let [hanging, other] = [(); 2].map(|()| quick(remote.server_options()));
    let hanging = Store::open(&hanging).await.unwrap();
    let other = Store::open(&other).await.unwrap();
    put(&other, "name").await.unwrap();
    let (changed, is_changed) = oneshot::channel();
    let changed = Mutex::new(Some(changed));
    let hangs = tokio::spawn(async move {
        let hangs = hanging.write("test", changed, |tx, changed| {
            Box::pin(async move {
                facts::put(tx, "name", "of the one that hangs", at(0)).await?;
                if let Some(changed) = changed.lock().unwrap().take() {
                    changed.send(()).unwrap();
                }
                pending::<Result<(), StoreError>>().await
            })
        });
        hangs.await
    });
    is_changed.await.unwrap();
    let done = async || put(&other, "name").await.ok();
    eventually("others get the row", SOON, done).await;
    assert_eq!(get(&other, "name").await.unwrap().as_deref(), Some("value"));
    hangs.abort();
    other.close().await;
}

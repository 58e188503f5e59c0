//! Connections that are cut at any byte of a transaction.

use secrecy::SecretString;
use serde_json::json;
use url::Url;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::{ServerOptions, Store, StoreError, StoreOptions};
use waybill_testkit::ChaosProxy;
use waybill_testkit::servers::Server;

use super::{Remote, over_both};
use crate::samples::*;

over_both! {
    what_is_cut_at_any_byte_is_done_once_or_not_at_all,
}

/// More than the bytes of the transaction below, both ways together.
const BYTES: u64 = 600;

async fn append(store: &Store, actor: String) -> Result<(), StoreError> {
    let entry = AuditEntry { at: at(0), event: "TEST", actor, subject: None, detail: json!({}) };
    store.write("test", entry, |tx, entry| Box::pin(audit::append(tx, entry))).await
}

async fn what_is_cut_at_any_byte_is_done_once_or_not_at_all(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let mut url = Url::parse(remote.url()).unwrap();
    let proxy = ChaosProxy::start(([127, 0, 0, 1], url.port().unwrap()).into()).await;
    url.set_port(Some(proxy.address().port())).unwrap();
    let options = ServerOptions { url: SecretString::from(url.as_str()), ..remote.server_options() };
    let store = Store::open(&StoreOptions::Server(options)).await.unwrap();

    let mut outcomes = Vec::new();
    for bytes in (0..BYTES).step_by(3) {
        append(&store, "opens the connection and prepares the statement".to_owned()).await.unwrap();
        proxy.cut_one_after_bytes(bytes);
        outcomes.push((format!("cut after {bytes}"), append(&store, format!("cut after {bytes}")).await));
        proxy.restore();
    }
    store.close().await;

    let store = remote.open().await.unwrap();
    let rows = store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 10_000)));
    let rows = rows.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let (mut done, mut in_doubt) = (0, 0);
    for (actor, outcome) in outcomes {
        let there = rows.iter().filter(|row| row.actor == actor).count();
        match outcome {
            Ok(()) => {
                assert_eq!(there, 1, "{actor}");
                done += 1;
            }
            Err(error) => {
                assert!(there <= 1 && error.is_transient(), "{actor}: {there}, {error}");
                in_doubt += there;
            }
        }
    }
    assert!(done > 0 && in_doubt > 0, "{done} done, {in_doubt} done without an answer");
    store.close().await;
}

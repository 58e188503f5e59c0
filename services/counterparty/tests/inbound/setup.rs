//! Puts a node together without its neighbours.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use url::Url;
use waybill_bus::{Bus, BusOptions};
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_crypto::{IdentityKey, Keyring};
use waybill_directory::{DirectoryHolder, DirectorySource, FetchDirectory, FetchError};
use waybill_domain::{Clock as _, Timestamp, VaspId, format_time as time};
use waybill_egress::{Egress, EgressOptions};
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::{Store, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vault::Vault;

use crate::backend::StubBackend;
use crate::fixture::*;
use crate::member::Member;

const TEN_MINUTES: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// A node of ours that knows four members, and these settings besides the usual ones.
pub async fn context(
    clock: &MockClock,
    folder: &TestFolder,
    backend: &StubBackend,
    robot: &Member,
    more: &[(&'static str, &'static str)],
) -> SharedContext {
    let entropy = SeededEntropy::new(7).shared();
    let operator = IdentityKey::from_seed(&[9; 32]);
    let settings = settings(&operator, backend, more);
    let directory = directory(folder, &operator, robot, clock.now()).await;
    let store = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
    let store = Store::open(&store).await.unwrap();
    let keyring = Arc::new(Keyring::new(vec![("k".to_owned(), [7; 32])]).unwrap());
    let egress = EgressOptions { failures_to_open: 1000, ..EgressOptions::default() };
    let shutdown = Shutdown::new(Duration::from_secs(1));
    Arc::new(Context {
        own_id: OURS,
        bus: Bus::embedded(store.clone(), BusOptions::default(), clock.shared(), Arc::clone(&entropy)),
        vault: Vault::new(keyring, Arc::clone(&entropy)),
        egress: Egress::new(egress, clock.shared(), Arc::clone(&entropy)).unwrap(),
        settings,
        clock: clock.shared(),
        entropy,
        store,
        shares: Shares::default(),
        directory,
        networks: Arc::default(),
        identity: Identity::new(identity(OURS)),
        tasks: TaskGroup::new(shutdown.clone()),
        shutdown,
    })
}

fn settings(
    operator: &IdentityKey,
    backend: &StubBackend,
    more: &[(&'static str, &'static str)],
) -> Settings {
    let required = [
        ("WAYBILL__NODE__VASP_ID", OURS.to_string()),
        ("WAYBILL__DIRECTORY__SOURCE", "directory.json".to_owned()),
        ("WAYBILL__DIRECTORY__TRUST_ROOT", operator.verifying_key().to_string()),
        ("WAYBILL__DIRECTORY__ALLOW_PRIVATE", "127.0.0.1".to_owned()),
        ("WAYBILL__IDENTITY__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned()),
        ("WAYBILL__ENCRYPTION__KEYS", "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned()),
        ("WAYBILL__BACKEND__ACCOUNT_URL", format!("{}/account", backend.base)),
        ("WAYBILL__BACKEND__VERIFICATION_URL", format!("{}/verification", backend.base)),
        ("WAYBILL__BACKEND__TRANSACTION_URL", format!("{}/transaction", backend.base)),
        ("WAYBILL__BACKEND__AUTHORIZATION_TOKEN", "secret-token".to_owned()),
        ("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "20s".to_owned()),
    ];
    let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let mut env: Vec<(String, String)> = Vec::new();
    for (name, value) in required.into_iter().chain(more) {
        env.retain(|(known, _)| known != name);
        env.push((name.to_owned(), value));
    }
    Settings::load(LoadFrom { file: None, env: env.into_iter(), for_run: false }).unwrap().settings
}

struct NoFetch;

#[async_trait]
impl FetchDirectory for NoFetch {
    async fn fetch(&self, _: &Url) -> Result<Vec<u8>, FetchError> {
        Err(FetchError("there is a file".to_owned()))
    }
}

async fn directory(
    folder: &TestFolder,
    operator: &IdentityKey,
    robot: &Member,
    now: Timestamp,
) -> DirectoryHolder {
    let nowhere = "http://127.0.0.1:9";
    let members = [
        member(OURS, nowhere, true, now),
        member(ROBOT, &robot.endpoint, true, now),
        member(OTHER, nowhere, true, now),
        member(RESTING, nowhere, false, now),
    ];
    let document = json!({
        "version": 1, "issuedAt": time(now), "expiresAt": time(now + TEN_MINUTES * 100), "members": members
    });
    let signed = waybill_directory::sign(&serde_json::from_value(document).unwrap(), operator).unwrap();
    let source = DirectorySource::File(folder.write("directory.json", signed));
    DirectoryHolder::open(&source, &NoFetch, operator.verifying_key(), now, 0).await.unwrap()
}

fn member(id: VaspId, endpoint: &str, active: bool, now: Timestamp) -> Value {
    let key = identity(id).verifying_key();
    let name = json!({"legalPersonName": format!("Exchange {id}"), "legalPersonNameIdentifierType": "LEGL"});
    json!({
        "vaspId": id, "vaspName": "Example", "vaspStatus": "VERIFIED-MEMBER", "active": active, "endpoint": endpoint,
        "legalPerson": {"legalPerson": {"name": {"nameIdentifier": [name]}}}, "protocols": ["ALLIANCE"],
        "createdAt": time(now), "updatedAt": time(now),
        "identityKeys": [{
            "keyId": key.key_id(), "publicKey": key.to_string(),
            "notBefore": time(now - TEN_MINUTES), "notAfter": time(now + TEN_MINUTES * 10_000),
        }],
    })
}

//! The VASPs' backends: the sandbox, with the callbacks of our VASP timed as they arrive.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::Instant;
use waybill_runtime::SystemClock;
use waybill_sandbox::{JournalKeeping, OUR_VASP, Options, Sandbox, Token};
use waybill_testkit::TestFolder;

/// Who waits for the callback of which verification, and callbacks that came before anybody waited.
#[derive(Clone, Default)]
pub struct Callbacks(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    waiting: HashMap<String, oneshot::Sender<(Instant, bool)>>,
    early: HashMap<String, (Instant, bool)>,
}

impl Callbacks {
    /// Waits for the callback; gives when it came and whether it said `VERIFIED`.
    pub async fn of(&self, uuid: String) -> anyhow::Result<(Instant, bool)> {
        let receiver = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(early) = waiting.early.remove(&uuid) {
                return Ok(early);
            }
            let (sender, receiver) = oneshot::channel();
            waiting.waiting.insert(uuid, sender);
            receiver
        };
        Ok(receiver.await?)
    }

    fn arrived(&self, body: &Value) {
        let now = Instant::now();
        let uuid = body["data"]["verificationUuid"].as_str().unwrap_or_default().to_owned();
        let arrival = (now, body["data"]["verificationResult"] == "VERIFIED");
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.waiting.remove(&uuid) {
            Some(sender) => drop(sender.send(arrival)),
            None => drop(waiting.early.insert(uuid, arrival)),
        }
    }
}

/// Serves both backends at `address` for the rest of the process.
pub async fn serve(address: SocketAddr, folder: &TestFolder) -> anyhow::Result<Callbacks> {
    let token = |name: &str| -> anyhow::Result<Token> {
        let secrets = std::fs::read(folder.join(format!(".waybill/{name}/secrets.json")))?;
        let secrets: Value = serde_json::from_slice(&secrets)?;
        let token = secrets["backendToken"].as_str().unwrap_or_default();
        Ok(Token::bearer(SecretString::from(token)))
    };
    let mut options = Options::new(Arc::new(SystemClock), token("ours")?, token("robot")?);
    options.journal = JournalKeeping::CountOnly;
    let sandbox = Sandbox::open(folder.join("bench-sandbox"), options)?;
    let callbacks = Callbacks::default();
    let timed = Router::new()
        .route(&format!("/vasps/{OUR_VASP}/callback"), post(callback))
        .with_state(callbacks.clone())
        .fallback_service(sandbox.router());
    let listener = tokio::net::TcpListener::bind(address).await?;
    tokio::spawn(async move { axum::serve(listener, timed).await });
    Ok(callbacks)
}

async fn callback(State(callbacks): State<Callbacks>, body: Bytes) -> &'static str {
    if let Ok(body) = serde_json::from_slice(&body) {
        callbacks.arrived(&body);
    }
    "{}"
}

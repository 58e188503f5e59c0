//! Loading the directory at the start and keeping it current.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use waybill_context::SharedContext;
use waybill_crypto::VerifyingKey;
use waybill_directory::{
    Directory, DirectoryHolder, DirectorySource, FetchDirectory, FetchError, LoadError, MAX_BYTES, Reload,
};
use waybill_domain::Timestamp;
use waybill_egress::{Call, Egress, EgressClass};
use waybill_runtime::settings::Settings;
use waybill_store::tables::facts;
use waybill_store::{Store, StoreError};

use super::own_keys::Told;

/// The version of the last directory that was accepted: a restart must not let an older one in.
const VERSION: &str = "directory.version";
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the directory is, and where its last good copy is kept.
pub struct Sources {
    live: DirectorySource,
    last_good: PathBuf,
}

impl Sources {
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let live = DirectorySource::from_str(&settings.directory.source).context("directory.source")?;
        Ok(Self { live, last_good: settings.node.data_dir.join("directory.last-good.json") })
    }
}

/// Loads the directory, or its last good copy when the source has none that can be used.
pub async fn load_first(
    sources: &Sources,
    settings: &Settings,
    store: &Store,
    egress: &Egress,
    now: Timestamp,
) -> anyhow::Result<DirectoryHolder> {
    let trust_root = VerifyingKey::parse(&settings.directory.trust_root).context("directory.trust_root")?;
    let last_version = accepted_version(store).await?;
    let fetcher = Fetcher(egress);
    let holder = match DirectoryHolder::open(&sources.live, &fetcher, trust_root, now, last_version).await {
        Ok(holder) => {
            keep_copy(sources, &holder).await;
            holder
        }
        Err(why) => {
            tracing::error!(alarm = "directory", %why, "the directory cannot be used; trying the last good copy");
            last_good(sources, &fetcher, trust_root, now, last_version)
                .await
                .with_context(|| format!("the directory cannot be used ({why}), and there is no good copy"))?
        }
    };
    remember_version(store, holder.current().version(), now).await?;
    Ok(holder)
}

/// Reads the directory as a start would, and changes nothing.
pub async fn look(
    settings: &Settings,
    store: Option<&Store>,
    egress: &Egress,
    now: Timestamp,
) -> anyhow::Result<Arc<Directory>> {
    let sources = Sources::of(settings)?;
    let trust_root = VerifyingKey::parse(&settings.directory.trust_root).context("directory.trust_root")?;
    let last_version = match store {
        Some(store) => accepted_version(store).await?,
        None => 0,
    };
    let holder =
        DirectoryHolder::open(&sources.live, &Fetcher(egress), trust_root, now, last_version).await?;
    Ok(holder.current())
}

/// Looks at the source again and again; a bad or older document changes nothing.
pub async fn keep_current(ctx: SharedContext, sources: Sources) {
    let fetcher = Fetcher(&ctx.egress);
    let mut told = Told::default();
    told.look(&ctx);
    while !ctx.shutdown.is_requested() {
        tokio::select! {
            () = tokio::time::sleep(ctx.settings.directory.refresh) => {}
            () = ctx.shutdown.requested() => return,
        }
        let now = ctx.clock.now();
        match ctx.directory.reload(&sources.live, &fetcher, now).await {
            Reload::Updated { version } => {
                tracing::info!(version, "the directory was updated");
                keep_copy(&sources, &ctx.directory).await;
                if let Err(error) = remember_version(&ctx.store, version, now).await {
                    tracing::error!(%error, "the directory's version could not be remembered");
                }
            }
            Reload::Unchanged => {}
            Reload::Kept { why } => {
                tracing::error!(alarm = "directory", %why, "the directory cannot be used; the last good one stays");
            }
        }
        if ctx.directory.current().is_expired(now) {
            tracing::error!(alarm = "directory-expired", "new verifications are refused");
        }
        told.look(&ctx);
    }
}

async fn last_good(
    sources: &Sources,
    fetcher: &Fetcher<'_>,
    trust_root: VerifyingKey,
    now: Timestamp,
    last_version: u64,
) -> Result<DirectoryHolder, LoadError> {
    let copy = DirectorySource::File(sources.last_good.clone());
    DirectoryHolder::open(&copy, fetcher, trust_root, now, last_version).await
}

/// Keeps a copy for a start without the source. It is verified again when it is used.
async fn keep_copy(sources: &Sources, holder: &DirectoryHolder) {
    if let Err(error) = write_whole(&sources.last_good, &holder.signed()).await {
        tracing::warn!(%error, "no copy of the directory could be kept");
    }
}

async fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let half = path.with_extension("part");
    tokio::fs::write(&half, bytes).await?;
    tokio::fs::rename(&half, path).await
}

async fn accepted_version(store: &Store) -> Result<u64, StoreError> {
    let version: Result<_, StoreError> =
        store.read("directory::version", (), |tx, ()| Box::pin(facts::get(tx, VERSION))).await;
    Ok(version?.and_then(|version| version.parse().ok()).unwrap_or(0))
}

async fn remember_version(store: &Store, version: u64, now: Timestamp) -> Result<(), StoreError> {
    store
        .write("directory::remember", (version.to_string(), now), |tx, (version, now)| {
            Box::pin(facts::put(tx, VERSION, version, *now))
        })
        .await
}

/// Fetches over the network. The operator of the node chose the URL.
struct Fetcher<'a>(&'a Egress);

#[async_trait::async_trait]
impl FetchDirectory for Fetcher<'_> {
    async fn fetch(&self, url: &url::Url) -> Result<Vec<u8>, FetchError> {
        let call = Call {
            class: EgressClass::Operator,
            destination: "directory".to_owned(),
            method: http::Method::GET,
            url: url.clone(),
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            timeout: FETCH_TIMEOUT,
            max_answer_bytes: MAX_BYTES,
            concurrency: None,
            sign_of_life: None,
        };
        let answer = self.0.send(call).await.map_err(|error| FetchError(error.to_string()))?;
        match answer.status.as_u16() {
            200 => Ok(answer.body.to_vec()),
            status => Err(FetchError(format!("the server answered {status}"))),
        }
    }
}

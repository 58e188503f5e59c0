//! The vendor's names of categories, kept: alerts have numbers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use waybill_domain::{SharedClock, Timestamp};

use super::client::KytClient;
use super::wire::Alert;

/// A number that is not in the list makes us read it again, this often at the most.
const REFRESH: Duration = Duration::from_secs(3600);
/// The same after it could not be read.
const RETRY: Duration = Duration::from_secs(60);

/// Names by number.
pub(super) struct Categories {
    clock: SharedClock,
    names: Mutex<Arc<HashMap<i64, String>>>,
    /// When it may be read again.
    next: AsyncMutex<Option<Timestamp>>,
}

impl Categories {
    pub(super) fn new(clock: SharedClock) -> Self {
        Self { clock, names: Mutex::default(), next: AsyncMutex::default() }
    }

    /// Gives each alert the name of its category. One that is not known has none: that never fails a result.
    pub(super) async fn join(&self, client: &KytClient, alerts: &mut [Alert]) {
        if alerts.iter().any(|alert| self.lacks(alert)) {
            self.refresh(client).await;
        }
        let names = self.names();
        for alert in alerts.iter_mut().filter(|alert| alert.category.is_none()) {
            alert.category = alert.category_id.and_then(|id| names.get(&id)).cloned();
        }
    }

    fn lacks(&self, alert: &Alert) -> bool {
        alert.category.is_none() && alert.category_id.is_some_and(|id| !self.names().contains_key(&id))
    }

    fn names(&self) -> Arc<HashMap<i64, String>> {
        Arc::clone(&self.names.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the list, unless that was done lately. Whoever comes meanwhile waits for it.
    async fn refresh(&self, client: &KytClient) {
        let mut next = self.next.lock().await;
        let now = self.clock.now();
        if next.is_some_and(|next| now < next) {
            return;
        }
        match client.categories().await {
            Ok(answer) => {
                *self.names.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(answer.by_id());
                *next = Some(now + REFRESH);
            }
            Err(error) => {
                tracing::warn!(%error, "the names of categories cannot be read: alerts go without");
                *next = Some(now + RETRY);
            }
        }
    }
}

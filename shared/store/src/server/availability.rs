//! Telling operators that the server is away: once, then ever less often, and once that it is back. Everybody who needs
//! the database fails meanwhile, several times a second, and can leave the telling to this.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::StoreError;

const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

#[derive(Default)]
pub(super) struct Availability(Mutex<Option<Outage>>);

struct Outage {
    since: Instant,
    pause: Duration,
    told: Instant,
}

impl Availability {
    /// The server could not be used.
    pub(super) fn is_lost(&self, error: &StoreError) {
        let mut outage = self.outage();
        let now = Instant::now();
        let Some(known) = &mut *outage else {
            tracing::error!(%error, "the database is away");
            *outage = Some(Outage { since: now, pause: FIRST_PAUSE, told: now });
            return;
        };
        if now - known.told >= known.pause {
            tracing::error!(%error, for_s = (now - known.since).as_secs(), "the database is still away");
            (known.told, known.pause) = (now, (known.pause * 2).min(LONGEST_PAUSE));
        }
    }

    /// The server did what was asked.
    pub(super) fn is_there(&self) {
        if let Some(outage) = self.outage().take() {
            tracing::warn!(for_s = outage.since.elapsed().as_secs(), "the database is back");
        }
    }

    /// Whether it was away when it was last needed.
    pub(super) fn is_away(&self) -> bool {
        self.outage().is_some()
    }

    fn outage(&self) -> MutexGuard<'_, Option<Outage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::sync::Arc;

    use tracing::field::{Field, Visit};
    use tracing::span;

    use super::*;

    /// Keeps the messages that are logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    impl tracing::Subscriber for Lines {
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, event: &tracing::Event<'_>) {
            event.record(&mut self.clone());
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    impl Visit for Lines {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            if field.name() == "message" {
                self.0.lock().unwrap().push(format!("{value:?}"));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_told_at_its_beginning_seldom_meanwhile_and_at_its_end() {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let availability = Availability::default();
        availability.is_there();
        assert!(!availability.is_away());
        for _second in 0..100 {
            availability.is_lost(&StoreError::Unavailable("the server cannot be reached"));
            assert!(availability.is_away());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        availability.is_there();
        availability.is_there();
        assert!(!availability.is_away());
        let still = "the database is still away";
        let told = lines.0.lock().unwrap();
        assert_eq!(*told, ["the database is away", still, still, still, "the database is back"]);
    }
}

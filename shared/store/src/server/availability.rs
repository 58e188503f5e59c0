//! Telling operators that the server is away: once, then ever less often, and once that it is back. Everybody who needs
//! the database fails meanwhile, several times a second, and can leave the telling to this.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::StoreError;

const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

#[derive(Default)]
pub(super) struct Availability(Mutex<Known>);

#[derive(Default)]
struct Known {
    away_since: Option<Instant>,
    /// That it is away was told; its return is to be.
    is_told: bool,
    /// When an outage was last told, this one or one before: a server that comes and goes is told as seldom.
    told: Option<Instant>,
    pause: Duration,
}

impl Availability {
    /// The server could not be used.
    pub(super) fn is_lost(&self, error: &StoreError) {
        let mut known = self.known();
        let now = Instant::now();
        let since = *known.away_since.get_or_insert(now);
        let silence = known.told.map_or(Duration::MAX, |told| now - told);
        if silence < known.pause {
            return;
        }
        match known.is_told {
            false => tracing::error!(%error, "the database is away"),
            true => tracing::error!(%error, for_s = (now - since).as_secs(), "the database is still away"),
        }
        let goes_on = silence < known.pause * 2;
        known.pause = if goes_on { (known.pause * 2).min(LONGEST_PAUSE) } else { FIRST_PAUSE };
        (known.told, known.is_told) = (Some(now), true);
    }

    /// The server did what was asked.
    pub(super) fn is_there(&self) {
        let mut known = self.known();
        let Some(since) = known.away_since.take() else { return };
        if std::mem::take(&mut known.is_told) {
            tracing::warn!(for_s = since.elapsed().as_secs(), "the database is back");
        }
    }

    /// Whether it was away when it was last needed.
    pub(super) fn is_away(&self) -> bool {
        self.known().away_since.is_some()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
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

    const AWAY: StoreError = StoreError::Unavailable("the server cannot be reached");

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_told_at_its_beginning_seldom_meanwhile_and_at_its_end() {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let availability = Availability::default();
        availability.is_there();
        assert!(!availability.is_away());
        for _second in 0..100 {
            availability.is_lost(&AWAY);
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

    #[tokio::test(start_paused = true)]
    async fn a_server_that_comes_and_goes_is_told_as_seldom() {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let availability = Availability::default();
        for _second in 0..60 {
            availability.is_lost(&AWAY);
            availability.is_there();
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let pair = ["the database is away", "the database is back"];
        assert_eq!(*lines.0.lock().unwrap(), [pair, pair, pair].concat());
    }
}

//! Places at which a test can make the process die, to see that nothing is lost. Debug builds only.

/// Ends the process at once, as `kill -9` would, when `WAYBILL_FAILPOINT` names this place. Does nothing in release
/// builds.
///
/// `WAYBILL_FAILPOINT=place` dies at the first passage, `WAYBILL_FAILPOINT=place:3` at the third.
#[inline]
pub fn failpoint(place: &str) {
    #[cfg(debug_assertions)]
    armed::pass(place);
    #[cfg(not(debug_assertions))]
    let _ = place;
}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    struct Armed {
        place: String,
        passages_left: AtomicU32,
    }

    static ARMED: LazyLock<Option<Armed>> = LazyLock::new(|| {
        let text = std::env::var("WAYBILL_FAILPOINT").ok()?;
        let (place, passages) = text.split_once(':').unwrap_or((&text, "1"));
        Some(Armed { place: place.to_owned(), passages_left: AtomicU32::new(passages.parse().unwrap_or(1)) })
    });

    pub(super) fn pass(place: &str) {
        let Some(armed) = ARMED.as_ref() else { return };
        if armed.place == place && armed.passages_left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

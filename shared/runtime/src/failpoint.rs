//! Places at which a test can make the process die, to see that nothing is lost. Debug builds only.

/// Ends the process at once, as `kill -9` would, when `WAYBILL_FAILPOINT` names this place. Does nothing in release
/// builds.
///
/// `WAYBILL_FAILPOINT=place` dies at the first passage, `WAYBILL_FAILPOINT=place:3` at the third, and with
/// `panic=place` there is a panic instead: always from then on, as a mistake in the program would have it.
///
/// The places, in the order of a verification's life:
///
/// | place | the node that | has just | and is about to |
/// |---|---|---|---|
/// | `accept.stored` | originates | stored a verification | answer its backend |
/// | `verify.claimed` | originates | taken the verification from the bus | ask the counterparty |
/// | `question.stored` | receives | stored the question | ask its backend |
/// | `question.decided` | receives | heard its backend | store the answer |
/// | `question.answered` | receives | stored the answer | give it in the same exchange |
/// | `answer.decided` | receives | heard its backend, later | store the answer |
/// | `answer.stored` | receives | stored the answer | send it as a message |
/// | `answer.sent` | receives | had it acknowledged | finish the command |
/// | `answers.received` | originates | stored an answer that came as a message | acknowledge it |
/// | `verify.asked` | originates | heard the counterparty | store what it said |
/// | `verify.ended` | originates | stored the result | take the next command |
/// | `callback.sending` | calls back | rendered the callback | post it |
/// | `callback.sent` | calls back | heard its backend | store the outcome |
/// | `report.stored` | originates | stored a report of its backend | answer the backend |
/// | `report.sent` | originates | heard the counterparty | finish the command |
/// | `transactions.received`, `errors.received` | receives | stored the report | acknowledge it |
/// | `expiries.received` | receives | stored the notice that the originator gave up | acknowledge it |
///
/// In the life of a risk assessment:
///
/// | place | the service that | has just | and is about to |
/// |---|---|---|---|
/// | `kyt.stored` | registers | stored the request | ask the vendor |
/// | `kyt.registered` | registers | heard the vendor | store what it said |
/// | `kyt.assessed` | polls | read result and alerts | store them with the callback |
///
/// In the life of a World-Check request:
///
/// | place | the node that | has just | and is about to |
/// |---|---|---|---|
/// | `wco.created` | screens | had a case created | store the vendor's name for it |
/// | `wco.screening` | screens | had its screening taken on | store that |
/// | `wco.screened` | screens | read the results of all persons | store them with the callback |
/// | `wco.finished` | screens | stored them | take the next request |
///
/// And in the life of a key:
///
/// | place | the program that | has just | and is about to |
/// |---|---|---|---|
/// | `keys.rotated` | is `waybill keys rotate` | written the file | record it |
/// | `keys.retired` | is `waybill keys retire` | recorded it | write the file |
/// | `reseal.sealed` | seals again | sealed some values anew | store them |
/// | `reseal.stored` | seals again | stored them | take the next |
/// | `reseal.finished` | seals again | found nothing left | rest |
///
/// Each task of a process passes `task.` and its name, with hyphens for spaces, when it begins: `task.relay`.
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
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Armed {
        place: String,
        panics: bool,
        passages_left: AtomicI64,
    }

    static ARMED: LazyLock<Option<Armed>> = LazyLock::new(|| {
        let text = std::env::var("WAYBILL_FAILPOINT").ok()?;
        let (panics, text) = text.strip_prefix("panic=").map_or((false, &*text), |place| (true, place));
        let (place, passages) = text.split_once(':').unwrap_or((text, "1"));
        let passages_left = AtomicI64::new(passages.parse().unwrap_or(1));
        Some(Armed { place: place.to_owned(), panics, passages_left })
    });

    pub(super) fn pass(place: &str) {
        let Some(armed) = ARMED.as_ref() else { return };
        if armed.place != place {
            return;
        }
        let left = armed.passages_left.fetch_sub(1, Ordering::SeqCst);
        if armed.panics && left <= 1 {
            std::panic::panic_any("failpoint");
        }
        if left == 1 {
            std::process::abort();
        }
    }
}

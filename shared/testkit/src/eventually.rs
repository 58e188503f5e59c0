//! Waiting for something without guessing how long it takes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Asks `probe` again and again until it gives `Some`, and returns that.
///
/// Panics with `what` when nothing came within the deadline. The last question is asked after it, so that
/// a slow machine gets one more chance.
pub async fn eventually<T>(what: &str, deadline: Duration, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + deadline;
    let mut pause = FIRST_PAUSE;
    loop {
        let late = Instant::now() >= end;
        if let Some(found) = probe().await {
            return found;
        }
        assert!(!late, "not within {deadline:?}: {what}");
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asks_until_there_is_an_answer() {
        let mut asked = 0;
        let answer = eventually("the third answer", Duration::from_secs(5), async || {
            asked += 1;
            (asked == 3).then_some("here")
        });
        assert_eq!(answer.await, "here");
        assert_eq!(asked, 3);
    }

    #[tokio::test]
    #[should_panic(expected = "the moon")]
    async fn says_what_never_came() {
        eventually("the moon", Duration::from_millis(10), async || None::<()>).await;
    }
}

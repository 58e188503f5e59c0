//! One node dies at each step of a verification's life.

use std::os::unix::process::ExitStatusExt as _;

use waybill_tests::Pair;

use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::{PATIENCE, five};

/// Which node dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Ours,
    Robot,
}

/// How the robot answers a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    /// In the same exchange.
    Inline,
    /// By a message of its own.
    Later,
}

const SIGABRT: i32 = 6;

/// Runs five withdrawals through two nodes of which one dies at `place`, and is started again.
async fn dies_at(place: &str, who: Who, answers: Answers) {
    let mut pair = Pair::prepare().await;
    if answers == Answers::Later {
        pair.edit_settings("robot", "[listener]", "[listener]\ninline_answer_budget = \"0s\"");
    }
    let armed = [("WAYBILL_FAILPOINT", place)];
    let (ours_env, robot_env): (&[_], &[_]) = if who == Who::Ours { (&armed, &[]) } else { (&[], &armed) };
    pair.ours.start(&pair.folder, ours_env).await;
    pair.robot.start(&pair.folder, robot_env).await;

    let party = pair.ours.party;
    let mortal = if who == Who::Ours { &mut pair.ours } else { &mut pair.robot };
    let death = async {
        let ended = mortal.running().wait_for_exit(PATIENCE).await;
        assert_eq!(ended.signal(), Some(SIGABRT), "{place} was passed and {who:?} died of it: {ended}");
        mortal.start(&pair.folder, &[]).await;
    };
    let (withdrawals, ()) = tokio::join!(five(party), death);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
}

macro_rules! deaths {
    ($($test:ident: $place:literal, $who:ident, $answers:ident;)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                dies_at($place, Who::$who, Answers::$answers).await;
            }
        )+
    };
}

deaths! {
    placeholder: "placeholder", Ours, Inline;
    placeholder_later: "placeholder", Robot, Later;
}

//! One node dies at each step of a verification's life.

use std::os::unix::process::ExitStatusExt as _;

use futures_util::future::join_all;
use serde_json::json;
use waybill_tests::{Node, Pair, Party, no_command_is_left, verification};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::{PATIENCE, Withdrawal, one};

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
    let mut pair = Pair::prepare(DATABASE).await;
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
        dies(mortal, place).await;
        mortal.start(&pair.folder, &[]).await;
    };
    let (withdrawals, ()) = tokio::join!(five(party), death);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
}

/// Waits until a node has died at the place where it was to die.
async fn dies(node: &mut Node, place: &str) {
    let ended = node.running().wait_for_exit(PATIENCE).await;
    assert_eq!(ended.signal(), Some(SIGABRT), "{place} was passed and the node died of it: {ended}");
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

// Each place is a `failpoint("…")` in the services, in the order of a verification's life. Where both nodes pass a place,
// ours with the withdrawal to ourselves, each dies there once. `place:3` dies at the third passage.
deaths! {
    after_accepting: "accept.stored", Ours, Inline;
    before_asking_the_counterparty: "verify.claimed", Ours, Inline;
    after_storing_the_question: "question.stored", Robot, Inline;
    after_storing_our_own_question: "question.stored", Ours, Inline;
    after_the_backend_decided: "question.decided", Robot, Inline;
    after_our_own_backend_decided: "question.decided", Ours, Inline;
    after_storing_the_answer: "question.answered", Robot, Inline;
    after_storing_our_own_answer: "question.answered", Ours, Inline;
    with_the_answer_in_hand: "verify.asked", Ours, Inline;
    after_the_third_answer: "verify.ended:3", Ours, Inline;
    after_storing_a_question_to_be_answered_later: "question.stored", Robot, Later;
    after_the_backend_decided_later: "answer.decided", Robot, Later;
    before_sending_the_answer: "answer.stored", Robot, Later;
    after_sending_the_answer: "answer.sent", Robot, Later;
    after_receiving_the_answer: "answers.received", Ours, Later;
    after_being_told_of_acceptance: "verify.asked", Ours, Later;
    before_telling_our_backend: "callback.sending", Ours, Inline;
    after_our_backend_took_the_result: "callback.sent", Ours, Inline;
    after_taking_a_report: "report.stored", Ours, Inline;
    after_sending_a_report: "report.sent", Ours, Inline;
    after_receiving_a_transaction: "transactions.received", Robot, Inline;
    after_receiving_an_error: "errors.received", Robot, Inline;
    before_telling_the_robots_backend: "callback.sending", Robot, Inline;
    after_the_robots_backend_took_the_report: "callback.sent:2", Robot, Inline;
}

/// The robot's backend is away, and so is the robot's node when it is told that we gave up.
#[tokio::test]
async fn after_receiving_the_notice_of_expiry() {
    let place = "expiries.received";
    let mut pair = Pair::prepare(DATABASE).await;
    pair.edit_settings("ours", "[telemetry]", "[verification]\ndeadline = \"3s\"\n\n[telemetry]");
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[("WAYBILL_FAILPOINT", place)]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    robot.backend.switch(&json!({"mode": "down", "endpoint": "verification"})).await;
    let uuid = ours.verify(&verification()).await;
    dies(&mut pair.robot, place).await;
    robot.backend.behave().await;
    pair.robot.start(&pair.folder, &[]).await;

    for party in [ours, robot] {
        assert_eq!(party.until(&uuid, "ERROR").await["reason"], "REQUEST-TIMEOUT", "{}", party.vasp_id);
    }
    ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    for node in [&pair.ours, &pair.robot] {
        no_command_is_left(&node.database, PATIENCE).await;
    }
    assert_eq!(robot.until(&uuid, "ERROR").await["reason"], "REQUEST-TIMEOUT", "and nothing changes it");
}

/// The robot's node dies with the answer stored, and comes back when nobody waits for it any more: its backend
/// believes in the transfer until it is told.
#[tokio::test]
async fn after_answering_what_is_given_up_meanwhile() {
    let place = "question.answered";
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[("WAYBILL__VERIFICATION__DEADLINE", "3s")]).await;
    pair.robot.start(&pair.folder, &[("WAYBILL_FAILPOINT", place)]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    let uuid = ours.verify(&verification()).await;
    dies(&mut pair.robot, place).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert_eq!((&told["verificationResult"], &told["reason"]), (&json!("ERROR"), &json!("REQUEST-TIMEOUT")));

    pair.robot.start(&pair.folder, &[]).await;
    let told = robot.backend.callback_within(&uuid, "ERROR_REPORT", PATIENCE).await;
    assert_eq!((&told["result"], &told["reason"]), (&json!("ERROR"), &json!("REQUEST-TIMEOUT")));
    for party in [ours, robot] {
        assert_eq!(party.record(&uuid).await["result"], "ERROR", "{}", party.vasp_id);
    }
    for node in [&pair.ours, &pair.robot] {
        no_command_is_left(&node.database, PATIENCE).await;
    }
}

/// Five withdrawals at once, with every key type: one to ourselves, one that is given up.
async fn five(ours: Party) -> Vec<Withdrawal> {
    join_all((0..5).map(|number| one(ours, number))).await
}

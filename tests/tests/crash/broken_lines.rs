//! The line between the nodes is cut or hangs.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use waybill_testkit::{ChaosProxy, eventually};
use waybill_tests::{Pair, ROBOT_ID, SOON, account_check, edit_directory};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::one;

/// Both nodes up; ours reaches the robot's through the proxy.
async fn pair_with_proxy() -> (Pair, ChaosProxy) {
    let mut pair = Pair::prepare(DATABASE).await;
    let robot = SocketAddr::from((Ipv4Addr::LOCALHOST, pair.robot.party.listener.port()));
    let proxy = ChaosProxy::start(robot).await;
    let endpoint = format!("http://{}", proxy.address());
    edit_directory(&pair.state(), |members| {
        let robot = members.iter_mut().find(|member| member["vaspId"] == ROBOT_ID).expect("a member");
        robot["endpoint"] = json!(endpoint);
    });
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    (pair, proxy)
}

/// Early and late in a request, and early and late in its answer.
#[tokio::test]
async fn a_line_that_is_cut_anywhere_loses_nothing() {
    let (pair, proxy) = pair_with_proxy().await;
    let ours = pair.ours.party;
    let mut withdrawals = Vec::new();
    for bytes in [1, 700, 1500, 3000, 5000, 7000, 9000] {
        proxy.cut_after_bytes(bytes);
        let before = proxy.connections();
        let trouble = async {
            eventually("the line is tried", SOON, async || (proxy.connections() > before + 1).then_some(()))
                .await;
            proxy.restore();
        };
        let (done, ()) = tokio::join!(join_all([one(ours, 0), one(ours, 4)]), trouble);
        withdrawals.extend(done);
    }
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
}

#[tokio::test]
async fn a_line_that_hangs_holds_up_nobody_else() {
    let (pair, proxy) = pair_with_proxy().await;
    let ours = pair.ours.party;
    proxy.stall();
    let elsewhere = async {
        // To ourselves, while the line to the robot hangs.
        let quick = tokio::time::timeout(Duration::from_secs(10), one(ours, 3)).await;
        let quick = quick.expect("one counterparty does not wait for another");
        ours.check_account(&account_check()).await.is_refused(408, "REQUEST-TIMEOUT");
        proxy.restore();
        quick
    };
    let (mut withdrawals, quick) = tokio::join!(join_all((0..3).map(|_| one(ours, 0))), elsewhere);
    withdrawals.push(quick);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
}

//! Callers that send a head byte by byte to keep connections busy.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use waybill_tests::{Client, Pair, SOON, verification};

use crate::DATABASE;

const HEADER_TIMEOUT: Duration = Duration::from_secs(2);
/// Timers and a busy machine may be late, but not by another timeout.
const LATE: Duration = Duration::from_millis(1900);

/// Connections that the system holds ready in this order.
async fn connect(listener: Client, number: usize) -> Vec<TcpStream> {
    join_all((0..number).map(async |_| TcpStream::connect(("127.0.0.1", listener.port())).await.unwrap()))
        .await
}

/// Sends a byte of a head now and then until the server closes the connection; says how long that took.
async fn drip(stream: TcpStream) -> Duration {
    let (mut reader, mut writer) = stream.into_split();
    let began = Instant::now();
    let dripping = async {
        let head = b"POST /peer/v1/keys HTTP/1.1\r\nhost: localhost\r\nx-more: ";
        for byte in head.iter().chain(std::iter::repeat(&b'x')) {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        std::future::pending().await // the reader sees the end
    };
    let closed = async {
        let mut answer = Vec::new();
        let _ = reader.read_to_end(&mut answer).await; // a reset is an end too
        answer
    };
    let answer = timeout(SOON, async {
        tokio::select! { answer = closed => answer, () = dripping => unreachable!() }
    });
    let answer = answer.await.expect("the connection is closed");
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    began.elapsed()
}

/// Both nodes; the listener of the robot has so many slots for connections.
async fn small_listener(slots: &str) -> Pair {
    let mut pair = Pair::prepare(DATABASE).await;
    let env = [("WAYBILL__LISTENER__HEADER_TIMEOUT", "2s"), ("WAYBILL__LISTENER__MAX_CONNECTIONS", slots)];
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &env).await;
    pair
}

#[tokio::test]
async fn slow_heads_are_cut_in_time_and_others_are_served_meanwhile() {
    let pair = small_listener("40").await;
    let (ours, listener) = (pair.ours.party, pair.robot.party.listener);
    let slow = tokio::spawn(join_all(connect(listener, 30).await.into_iter().map(drip)));
    let began = Instant::now();
    let mut served = 0;
    while began.elapsed() < HEADER_TIMEOUT / 2 {
        listener.get("/healthcheck").await.ok();
        served += 1;
    }
    assert!(!slow.is_finished() && served > 0);
    ours.verify_until(&verification(), "VERIFIED").await;
    for took in slow.await.unwrap() {
        assert!(took >= HEADER_TIMEOUT / 2 && took < HEADER_TIMEOUT + LATE, "{took:?}");
    }
}

#[tokio::test]
async fn slow_heads_in_every_slot_hold_others_up_no_longer_than_the_timeout() {
    let pair = small_listener("10").await;
    let listener = pair.robot.party.listener;
    let slow = tokio::spawn(join_all(connect(listener, 10).await.into_iter().map(drip)));
    let began = Instant::now();
    listener.get("/healthcheck").await.ok();
    let waited = began.elapsed();
    assert!(waited >= HEADER_TIMEOUT / 2 && waited < HEADER_TIMEOUT + LATE, "{waited:?}");
    slow.await.unwrap();
}

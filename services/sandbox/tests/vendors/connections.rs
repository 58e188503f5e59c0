//! What can only be seen on a connection: answers cut off, and a connection that ends between two requests.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::play::{KYT_KEY, Play};

/// The sandbox on a port of its own, and a connection to it.
async fn connected(play: &Play) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(waybill_sandbox::run(play.fixture.sandbox.clone(), listener, std::future::pending()));
    TcpStream::connect(address).await.unwrap()
}

async fn ask(stream: &mut TcpStream) {
    let request = format!(
        "GET /vendors/chainalysis-kyt/v2/transfers/x HTTP/1.1\r\nhost: sandbox\r\ntoken: {KYT_KEY}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// All that comes until the connection ends; a reset is an end too.
async fn rest(stream: &mut TcpStream) -> String {
    let (mut all, mut part) = (Vec::new(), [0; 4_096]);
    while let Ok(length @ 1..) = stream.read(&mut part).await {
        all.extend_from_slice(&part[..length]);
    }
    String::from_utf8(all).unwrap()
}

/// One answer with a length; the connection stays.
async fn answer(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    loop {
        all.push(stream.read_u8().await.unwrap());
        let text = String::from_utf8_lossy(&all);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if Some(body.len()) == length {
            return text.into_owned();
        }
    }
}

#[tokio::test]
async fn a_connection_that_was_idle_is_closed_when_it_is_used_again() {
    let play = Play::new();
    let mut stream = connected(&play).await;
    ask(&mut stream).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 404"), "kept alive");
    play.switch("chainalysis-kyt", json!({"mode": "close-idle", "times": 1})).await;
    ask(&mut stream).await;
    let last = answer(&mut stream).await;
    assert!(last.starts_with("HTTP/1.1 404") && !last.to_lowercase().contains("connection: close"), "{last}");
    ask(&mut stream).await;
    assert_eq!(rest(&mut stream).await, "", "no answer, only the end");
    assert_eq!(play.fixture.journal("vendor=chainalysis-kyt").await.len(), 2, "the third was not read");
}

#[tokio::test]
async fn answers_are_lost_or_cut_off() {
    let play = Play::new();
    for mode in ["down", "lost-answer"] {
        let mut stream = connected(&play).await;
        play.switch("chainalysis-kyt", json!({"mode": mode, "times": 1})).await;
        ask(&mut stream).await;
        assert_eq!(rest(&mut stream).await, "", "not even a status line");
    }
    let mut stream = connected(&play).await;
    play.switch("chainalysis-kyt", json!({"mode": "cut-off", "times": 1})).await;
    ask(&mut stream).await;
    let text = rest(&mut stream).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
    assert!(!body.is_empty() && length.unwrap() > body.len(), "{text}");
    let mut stream = connected(&play).await;
    play.switch("chainalysis-kyt", json!({"mode": "chunked", "times": 1})).await;
    ask(&mut stream).await;
    let mut head = [0; 600];
    let length = stream.read(&mut head).await.unwrap();
    let head = String::from_utf8_lossy(&head[..length]).to_lowercase();
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
}

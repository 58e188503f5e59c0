//! Servers that behave and servers that do not.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use waybill_egress::{Call, Egress, EgressClass, EgressOptions};
use waybill_testkit::{MockClock, SeededEntropy};

/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub fn client() -> Egress {
    client_with(EgressOptions::default(), &MockClock::default())
}

pub fn client_with(options: EgressOptions, clock: &MockClock) -> Egress {
    Egress::new(options, clock.shared(), SeededEntropy::new(1).shared()).unwrap()
}

pub fn get(url: impl AsRef<str>) -> Call {
    Call {
        class: EgressClass::Operator,
        destination: "backend".to_owned(),
        method: Method::GET,
        url: Url::parse(url.as_ref()).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        timeout: PATIENCE,
        max_answer_bytes: 64 * 1024,
        concurrency: None,
        sign_of_life: None,
    }
}

pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Reads one request, writes `start`, then does with the connection what `after` says.
pub async fn serve_raw<F>(
    start: &'static str,
    after: impl Fn(TcpStream) -> F + Send + Sync + 'static,
) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if stream.read(&mut request).await.is_ok() && stream.write_all(start.as_bytes()).await.is_ok() {
                tokio::spawn(after(stream));
            }
        }
    });
    address
}

/// Keeps a connection open and says nothing more.
pub async fn hang(stream: TcpStream) {
    std::future::pending::<()>().await;
    drop(stream);
}

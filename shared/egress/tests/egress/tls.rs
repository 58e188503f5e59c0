//! TLS with ring, and whom it trusts.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, mpsc};

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use waybill_egress::{ConnectFault, EgressError, EgressOptions};
use waybill_testkit::MockClock;

use crate::support::{client_with, get, hang, serve_raw};

struct TlsServer {
    port: u16,
    certificate_pem: String,
    /// What the client asked for, and `h2` or `http/1.1` as agreed.
    agreed: mpsc::Receiver<Option<Vec<u8>>>,
}

/// A server with a certificate of its own for `name`, speaking the given protocols.
fn serve_tls(name: &str, protocols: &[&str]) -> TlsServer {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
    let mut settings =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
    settings.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, agreed) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::new(settings.clone())).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut request = [0; 4096];
            let Ok(1..) = stream.read(&mut request) else { continue };
            tell.send(stream.conn.alpn_protocol().map(<[u8]>::to_vec)).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsafe");
        }
    });
    TlsServer { port, certificate_pem: made.cert.pem(), agreed }
}

fn trusting(pem: &str) -> EgressOptions {
    EgressOptions { extra_roots_pem: pem.as_bytes().to_vec(), ..EgressOptions::default() }
}

#[tokio::test]
async fn an_extra_root_is_trusted() {
    let server = serve_tls("localhost", &["http/1.1"]);
    let client = client_with(trusting(&server.certificate_pem), &MockClock::default());
    let answer = client.send(get(format!("https://localhost:{}/", server.port))).await.unwrap();
    assert_eq!(answer.body, "safe");
    assert_eq!(server.agreed.recv().unwrap().unwrap(), b"http/1.1");
}

#[tokio::test]
async fn http_2_is_offered() {
    let server = serve_tls("localhost", &["h2", "http/1.1"]);
    let client = client_with(trusting(&server.certificate_pem), &MockClock::default());
    let spoken = client.send(get(format!("https://localhost:{}/", server.port))).await;
    assert!(spoken.is_err(), "this server agrees to HTTP/2 but cannot speak it");
    assert_eq!(server.agreed.recv().unwrap().unwrap(), b"h2");
}

#[tokio::test]
async fn other_certificates_are_not() {
    let ours = serve_tls("localhost", &[]);
    let misnamed = serve_tls("elsewhere.example", &[]);
    for (port, roots) in [(ours.port, &misnamed.certificate_pem), (misnamed.port, &misnamed.certificate_pem)]
    {
        let client = client_with(trusting(roots), &MockClock::default());
        let failed = client.send(get(format!("https://localhost:{port}/"))).await.unwrap_err();
        assert_eq!(failed, EgressError::Connect(ConnectFault::Certificate));
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let server = serve_raw("HTTP/1.1 400 Bad Request\r\n\r\n", hang).await;
    let client = client_with(EgressOptions::default(), &MockClock::default());
    let failed = client.send(get(format!("https://{server}/"))).await.unwrap_err();
    assert_eq!(failed, EgressError::Connect(ConnectFault::Tls));
}

//! Connections that are protected, to servers with a certificate.

use std::sync::OnceLock;

use secrecy::SecretString;
use waybill_store::tables::facts;
use waybill_store::{ServerOptions, ServerTls, Store, StoreError, StoreOptions};
use waybill_testkit::TestFolder;
use waybill_testkit::servers::{Server, ServerKind};

use super::Remote;
use crate::samples::*;

/// Names `localhost`, and nothing else.
struct Certificate {
    pem: String,
    key: String,
}

fn certificate() -> &'static Certificate {
    static MADE: OnceLock<Certificate> = OnceLock::new();
    MADE.get_or_init(|| self_signed("localhost"))
}

fn self_signed(name: &str) -> Certificate {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    Certificate { pem: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

fn start(kind: ServerKind, options: &str) -> Server {
    let Certificate { pem, key } = certificate();
    Server::start_private_with(kind, options, &[("server.crt", pem), ("server.key", key)])
}

fn postgres() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let options = "-c ssl=on -c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key";
    SERVER.get_or_init(|| start(ServerKind::Postgres, options))
}

/// Begins sessions without autocommit, which a test of settings needs.
pub(super) fn mariadb() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let options = "--ssl-cert={folder}/server.crt --ssl-key={folder}/server.key --autocommit=0";
    SERVER.get_or_init(|| start(ServerKind::MariaDb, options))
}

/// A way to connect, and whether it is let in.
struct Case {
    tls: ServerTls,
    host: &'static str,
    trusted: Option<&'static str>,
    works: bool,
}

const CASES: [Case; 9] = {
    const fn case(tls: ServerTls, host: &'static str, trusted: Option<&'static str>, works: bool) -> Case {
        Case { tls, host, trusted, works }
    }
    use ServerTls::*;
    [
        case(Automatic, "127.0.0.1", None, true),
        case(Encrypted, "127.0.0.1", None, true),
        case(Authority, "127.0.0.1", Some("ours"), true),
        case(Authority, "localhost", Some("another"), false),
        case(Authority, "localhost", None, false), // of the system's authorities none knows it
        case(Full, "localhost", Some("ours"), true),
        case(Full, "127.0.0.1", Some("ours"), false),
        case(Full, "localhost", Some("another"), false),
        case(Full, "localhost", None, false),
    ]
};

async fn each_protection_is_as_strict_as_its_name(remote: &Remote) {
    let folder = TestFolder::new();
    for (name, certificate) in [("ours", certificate()), ("another", &self_signed("localhost"))] {
        std::fs::write(folder.path().join(name), &certificate.pem).unwrap();
    }
    for Case { tls, host, trusted, works } in CASES {
        let url = SecretString::from(remote.url().replace("127.0.0.1", host));
        let tls_ca = trusted.map(|name| folder.path().join(name));
        let options = ServerOptions { url, tls, tls_ca, ..remote.server_options() };
        let opened = Store::open(&StoreOptions::Server(options)).await;
        let case = format!("{tls:?} to {host}, trusting {trusted:?}");
        match opened {
            Ok(store) => {
                assert!(works, "{case}");
                let put = store.write("test", (), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0))));
                put.await.unwrap_or_else(|error: StoreError| panic!("{case}: {error}"));
                if remote.kind() == ServerKind::Postgres {
                    assert_eq!(remote.query(ENCRYPTED).trim(), "t", "{case}");
                }
                store.close().await;
            }
            Err(StoreError::Setup(_)) => assert!(!works, "{case}"),
            Err(other) => panic!("{case}: {other}"),
        }
    }
}

const ENCRYPTED: &str = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
    WHERE application_name = 'waybill' AND usename = current_user";

#[tokio::test]
async fn over_postgres() {
    let remote = Remote::on(postgres).await;
    remote.migrate().await.unwrap();
    each_protection_is_as_strict_as_its_name(&remote).await;
}

/// The server takes the user only encrypted, so whatever works is.
#[tokio::test]
async fn over_mariadb() {
    let remote = Remote::on(mariadb).await;
    remote.migrate().await.unwrap();
    let user = url::Url::parse(remote.url()).unwrap().username().to_owned();
    remote.raw_as_administrator(&format!("ALTER USER '{user}'@'%' REQUIRE SSL")).await;
    each_protection_is_as_strict_as_its_name(&remote).await;
    let options = ServerOptions { tls: ServerTls::Off, ..remote.server_options() };
    let refused = Store::open(&StoreOptions::Server(options)).await.map(drop);
    assert!(matches!(&refused, Err(StoreError::Setup(_))), "{refused:?}");
}

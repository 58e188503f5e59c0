//! How connections to a server are opened.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use url::{Host, Url};

use super::mysql::MySqlConnector;
use super::postgres::PostgresConnector;
use crate::sql::Connection;
use crate::{ServerOptions, ServerTls, StoreError};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Transactions.
    Write,
    /// Single queries; the server refuses changes.
    Read,
    /// Changes of the schema, which take as long as they take.
    Migrate,
}

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) enum Connector {
    MySql(MySqlConnector),
    Postgres(PostgresConnector),
}

impl Connector {
    pub(crate) fn new(options: &ServerOptions) -> Result<Self, StoreError> {
        let url = Url::parse(options.url.expose_secret())
            .map_err(|error| StoreError::Setup(format!("the URL of the database cannot be read: {error}")))?;
        if url.path().trim_matches('/').is_empty() {
            return Err(StoreError::Setup("the URL of the database names no database".to_owned()));
        }
        match url.scheme() {
            "mysql" | "mariadb" => MySqlConnector::new(&url, options).map(Self::MySql),
            "postgres" | "postgresql" => PostgresConnector::new(&url, options).map(Self::Postgres),
            other => Err(StoreError::Setup(format!(
                "{other}:// is no database that a node can use: mysql://, mariadb:// and postgres:// are"
            ))),
        }
    }

    /// A new connection, prepared for its use.
    pub(crate) async fn open(&self, purpose: Use) -> Result<Connection, sqlx::Error> {
        match self {
            Self::MySql(connector) => connector.open(purpose).await.map(Connection::MySql),
            Self::Postgres(connector) => connector.open(purpose).await.map(Connection::Postgres),
        }
    }
}

/// What the options and the URL together ask for; none when the URL says it itself.
pub(super) fn tls_of(url: &Url, options: &ServerOptions) -> Option<ServerTls> {
    match options.tls {
        ServerTls::Automatic
            if url.query_pairs().any(|(name, _)| name == "sslmode" || name == "ssl-mode") =>
        {
            None
        }
        ServerTls::Automatic if is_local(url) => Some(ServerTls::Automatic),
        ServerTls::Automatic => Some(ServerTls::Full),
        chosen => Some(chosen),
    }
}

/// Loopback, or a socket of this machine.
fn is_local(url: &Url) -> bool {
    let socket =
        url.query_pairs().any(|(name, value)| name == "socket" || (name == "host" && value.starts_with('/')));
    socket
        || match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            // Schemes that the URL standard does not know keep addresses as text.
            Some(Host::Domain(name)) => {
                name == "localhost"
                    || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
            }
            None => true,
        }
}

/// What an operator needs to know about a failed connection. Drivers name the user and the host, never the password.
pub(super) fn unopened(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Io(_) => StoreError::Unavailable("the server cannot be reached"),
        sqlx::Error::Database(refusal) if is_temporary(refusal.as_ref()) => {
            StoreError::Unavailable("the server takes no connection now")
        }
        other => StoreError::Setup(other.to_string()),
    }
}

/// Starting, stopping, or full.
fn is_temporary(refusal: &dyn sqlx::error::DatabaseError) -> bool {
    let mysql = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(|refusal| refusal.number());
    matches!(mysql, Some(1040 | 1053 | 1203 | 1226))
        || matches!(refusal.code().as_deref(), Some("53300" | "57P01" | "57P02" | "57P03"))
}

/// Whole seconds, at least one.
pub(super) fn seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn tls(url: &str, chosen: ServerTls) -> Option<ServerTls> {
        let options = ServerOptions { tls: chosen, ..ServerOptions::new(SecretString::from(url)) };
        tls_of(&Url::parse(url).unwrap(), &options)
    }

    #[test]
    fn certificates_are_checked_unless_the_server_is_on_this_machine_or_somebody_said_otherwise() {
        use ServerTls::*;
        assert_eq!(tls("postgres://u:p@db.example/w", Automatic), Some(Full));
        assert_eq!(tls("mysql://u:p@192.0.2.1:3306/w", Automatic), Some(Full));
        for local in ["127.0.0.1", "localhost", "[::1]", "127.1.2.3:3307"] {
            assert_eq!(tls(&format!("mysql://u:p@{local}/w"), Automatic), Some(Automatic), "{local}");
        }
        assert_eq!(tls("postgres://u:p@db.example/w?sslmode=require", Automatic), None);
        assert_eq!(tls("postgres://u:p@db.example/w?sslmode=disable", Full), Some(Full), "the option counts");
        assert_eq!(tls("mysql://u:p@db.example/w", Off), Some(Off));
    }

    #[test]
    fn a_wrong_url_is_explained_without_its_password() {
        let why = |url: &str| match Connector::new(&ServerOptions::new(SecretString::from(url))) {
            Err(StoreError::Setup(why)) => why,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{url} is accepted"),
        };
        for (url, part) in [
            ("oracle://u:hush@h/w", "oracle://"),
            ("mysql://u:hush@h", "names no database"),
            ("mysql://u:hush@h:port/w", "cannot be read"),
            ("", "cannot be read"),
        ] {
            assert!(why(url).contains(part) && !why(url).contains("hush"), "{}", why(url));
        }
    }
}

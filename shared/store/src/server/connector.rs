//! How connections to a server are opened.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::mysql::MySqlConnector;
use super::postgres::PostgresConnector;
use crate::sql::Connection;
use crate::{ServerOptions, ServerTls, StoreError};

/// What a statement may take longer than the server allows it: the way there and back, and a busy machine.
const GRACE: Duration = Duration::from_secs(5);

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
pub(crate) struct Connector {
    product: Product,
    acquire_timeout: Duration,
    statement_timeout: Duration,
}

#[derive(Clone)]
enum Product {
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
        if let Some(file) = &options.tls_ca
            && let Err(error) = std::fs::File::open(file)
        {
            // The driver would take it for a server that cannot be reached.
            let file = file.display();
            return Err(StoreError::Setup(format!("the file of trusted certificates, {file}: {error}")));
        }
        let product = match url.scheme() {
            "mysql" | "mariadb" => MySqlConnector::new(&url, options).map(Product::MySql),
            "postgres" | "postgresql" => PostgresConnector::new(&url, options).map(Product::Postgres),
            other => Err(StoreError::Setup(format!(
                "{other}:// is no database that a node can use: mysql://, mariadb:// and postgres:// are"
            ))),
        };
        let (acquire_timeout, statement_timeout) = (options.acquire_timeout, options.statement_timeout);
        Ok(Self { product: product?, acquire_timeout, statement_timeout })
    }

    /// When whoever begins to wait for a connection now gives up.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.acquire_timeout
    }

    /// How long to wait for the answer to a statement.
    pub(super) fn patience(&self) -> Duration {
        self.statement_timeout + GRACE
    }

    /// A new connection, prepared for its use.
    pub(super) async fn open(&self, purpose: Use, deadline: Instant) -> Result<Connection, StoreError> {
        let opening = async {
            match &self.product {
                Product::MySql(connector) => connector.open(purpose).await.map(Connection::MySql),
                Product::Postgres(connector) => connector.open(purpose).await.map(Connection::Postgres),
            }
        };
        match timeout_at(deadline, opening).await {
            Ok(opened) => opened.map_err(|error| unopened(&error)),
            Err(_) => Err(StoreError::Unavailable("the server does not answer")),
        }
    }
}

/// What the options and the URL together ask for; none when the URL says it itself. `host` and `socket` are where the
/// driver will connect to: parts of the URL and the environment have a say in that.
pub(super) fn tls_of(
    url: &Url,
    host: &str,
    socket: Option<&PathBuf>,
    options: &ServerOptions,
) -> Option<ServerTls> {
    match options.tls {
        ServerTls::Automatic
            if url.query_pairs().any(|(name, _)| name == "sslmode" || name == "ssl-mode") =>
        {
            None
        }
        ServerTls::Automatic if socket.is_some() || is_local(host) => Some(ServerTls::Automatic),
        ServerTls::Automatic => Some(ServerTls::Full),
        chosen => Some(chosen),
    }
}

/// Loopback, or the folder of a socket.
fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.starts_with('/')
        || host == "localhost"
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The URL with those parameters only that are `known` to the driver, which would log the others with their values.
pub(super) fn without_unknown_parameters(url: &Url, known: &[&str]) -> Url {
    let (kept, unknown): (Vec<_>, Vec<_>) = url.query_pairs().partition(|(name, _)| {
        known.contains(&&**name) || (name.starts_with("options[") && known.contains(&"options"))
    });
    for (name, _) in unknown {
        tracing::warn!(%name, "database.url has a parameter that has no meaning here");
    }
    let mut url = url.clone();
    match kept.is_empty() {
        true => url.set_query(None),
        false => drop(url.query_pairs_mut().clear().extend_pairs(kept)),
    }
    url
}

/// What an operator needs to know about a failed connection. Drivers name the user and the host, never the password.
fn unopened(error: &sqlx::Error) -> StoreError {
    match error {
        // So the driver reports a certificate that is not accepted.
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            StoreError::Setup(format!("no encryption with the server: {error}"))
        }
        sqlx::Error::Io(_) => StoreError::Unavailable("the server cannot be reached"),
        sqlx::Error::Database(refusal) if is_temporary(refusal.as_ref()) => {
            StoreError::Unavailable("the server takes no connection now")
        }
        other => StoreError::Setup(other.to_string()),
    }
}

/// Starting, stopping, or full; or what stands before the server says that it is away.
fn is_temporary(refusal: &dyn sqlx::error::DatabaseError) -> bool {
    if let Some(refusal) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(refusal.number(), 1040 | 1053 | 1203 | 1226);
    }
    let code = refusal.code().unwrap_or_default();
    matches!(&*code, "53300" | "57P01" | "57P02" | "57P03") || code.starts_with("08")
}

/// Whole seconds, at least one.
pub(super) fn seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn connector(url: &str, tls: ServerTls) -> Result<Connector, StoreError> {
        Connector::new(&ServerOptions { tls, ..ServerOptions::new(SecretString::from(url)) })
    }

    /// How the driver will protect the connection.
    fn tls(url: &str, chosen: ServerTls) -> String {
        match connector(url, chosen).unwrap().product {
            Product::MySql(connector) => connector.tls(),
            Product::Postgres(connector) => connector.tls(),
        }
    }

    #[test]
    fn certificates_are_checked_unless_the_server_is_on_this_machine_or_somebody_said_otherwise() {
        use ServerTls::*;
        for local in ["127.0.0.1", "localhost", "[::1]", "127.1.2.3:3307"] {
            assert_eq!(tls(&format!("mysql://u:p@{local}/w"), Automatic), "Preferred", "{local}");
            assert_eq!(tls(&format!("postgres://u:p@{local}/w"), Automatic), "Prefer", "{local}");
        }
        for (url, chosen, wanted) in [
            ("postgres://u:p@db.example/w", Automatic, "VerifyFull"),
            ("mysql://u:p@192.0.2.1:3306/w", Automatic, "VerifyIdentity"),
            ("postgres://u:p@db.example/w?sslmode=require", Automatic, "Require"),
            ("postgres://u:p@db.example/w?sslmode=disable", Full, "VerifyFull"), // the option counts
            ("mysql://u:p@db.example/w", Off, "Disabled"),
            ("postgres://u:p@localhost/w?host=db.example", Automatic, "VerifyFull"),
            ("postgres://u:p@localhost/w?hostaddr=192.0.2.1", Automatic, "VerifyFull"),
            ("postgres://u:p@db.example/w?host=/run/postgresql", Automatic, "Prefer"),
            ("mysql://u:p@db.example/w?socket=/run/mysqld.sock", Automatic, "Preferred"),
        ] {
            assert_eq!(tls(url, chosen), wanted, "{url}");
        }
    }

    #[test]
    fn a_wrong_url_is_explained_without_its_password() {
        let why = |url: &str| match connector(url, ServerTls::Automatic) {
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

    #[test]
    fn options_that_can_have_no_effect_are_refused() {
        let options = |url: &str| ServerOptions::new(SecretString::from(url));
        let tls_ca = Some(PathBuf::from("/no/such/file.pem"));
        let schema = Some("apart".to_owned());
        for (options, part) in [
            (ServerOptions { tls_ca, ..options("postgres://u:p@h/w") }, "/no/such/file.pem"),
            (ServerOptions { schema, ..options("mysql://u:p@h/w") }, "PostgreSQL"),
        ] {
            let refused = Connector::new(&options).map(drop);
            assert!(matches!(&refused, Err(StoreError::Setup(why)) if why.contains(part)), "{refused:?}");
        }
    }

    #[test]
    fn parameters_that_the_driver_would_log_do_not_reach_it() {
        let cleaned = |query: &str| {
            let url = Url::parse(&format!("postgres://u:p@h/w{query}")).unwrap();
            without_unknown_parameters(&url, &["sslmode", "options"]).to_string()
        };
        assert_eq!(cleaned(""), "postgres://u:p@h/w");
        assert_eq!(cleaned("?sslpassword=hush"), "postgres://u:p@h/w");
        assert_eq!(
            cleaned("?sslmode=require&sslpassword=hush&options[a]=b%20c"),
            "postgres://u:p@h/w?sslmode=require&options%5Ba%5D=b+c"
        );
    }
}

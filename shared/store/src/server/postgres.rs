//! Connections to PostgreSQL.

use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use url::Url;

use super::connector::{Use, tls_of, without_unknown_parameters};
use crate::sql::STATEMENTS;
use crate::{ServerOptions, ServerTls, StoreError};

/// What a URL may say beside the address; the rest is for other drivers.
const PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "options",
];

#[derive(Clone)]
pub(crate) struct PostgresConnector {
    options: PgConnectOptions,
    statement_timeout: Duration,
}

impl PostgresConnector {
    pub(super) fn new(url: &Url, options: &ServerOptions) -> Result<Self, StoreError> {
        let mut connect = PgConnectOptions::from_url(&without_unknown_parameters(url, PARAMETERS))
            .map_err(|_| StoreError::Setup("a part of the database's URL cannot be read".to_owned()))?
            .application_name("waybill")
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging() // statements are logged with their arguments
            .options([("default_transaction_isolation", "read committed")]);
        if let Some(tls) = tls_of(url, connect.get_host(), connect.get_socket(), options) {
            connect = connect.ssl_mode(match tls {
                ServerTls::Automatic => PgSslMode::Prefer,
                ServerTls::Off => PgSslMode::Disable,
                ServerTls::Encrypted => PgSslMode::Require,
                ServerTls::Authority => PgSslMode::VerifyCa,
                ServerTls::Full => PgSslMode::VerifyFull,
            });
        }
        if let Some(file) = &options.tls_ca {
            connect = connect.ssl_root_cert(file);
        }
        if let Some(schema) = &options.schema {
            connect = connect.options([("search_path", quoted(schema)?)]);
        }
        Ok(Self { options: connect, statement_timeout: options.statement_timeout })
    }

    /// How connections are protected, as the driver calls it.
    #[cfg(test)]
    pub(super) fn tls(&self) -> String {
        format!("{:?}", self.options.get_ssl_mode())
    }

    /// All settings go with the greeting: no round trip of their own.
    pub(super) async fn open(&self, purpose: Use) -> Result<PgConnection, sqlx::Error> {
        let limit = &*self.statement_timeout.as_millis().to_string();
        let options = self.options.clone();
        let options = match purpose {
            Use::Write => options.options([
                ("statement_timeout", limit),
                // A node that hangs with a transaction open, or whose machine is gone, holds nobody up for long.
                (
                    "idle_in_transaction_session_timeout",
                    &*(2 * self.statement_timeout).as_millis().to_string(),
                ),
            ]),
            Use::Read => {
                options.options([("statement_timeout", limit), ("default_transaction_read_only", "on")])
            }
            Use::Migrate => options.options([
                ("statement_timeout", "0"),
                ("lock_timeout", "600000"),
                ("client_min_messages", "warning"),
            ]),
        };
        options.connect().await
    }
}

/// A name for the list of schemas.
fn quoted(schema: &str) -> Result<String, StoreError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if schema.is_empty() || !schema.chars().all(plain) {
        let why = "the schema's name may have letters, digits and underscores only".to_owned();
        return Err(StoreError::Setup(why));
    }
    Ok(format!("\"{schema}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_a_plain_name() {
        assert_eq!(quoted("Waybill_1").unwrap(), "\"Waybill_1\"");
        for wrong in ["", "a,b", "a\"b", "a b"] {
            assert!(quoted(wrong).is_err(), "{wrong}");
        }
    }
}

//! Connections to MySQL and MariaDB.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{ConnectOptions as _, Row as _};
use url::Url;

use super::connector::{Use, seconds, tls_of, without_unknown_parameters};
use crate::sql::STATEMENTS;
use crate::{ServerOptions, ServerTls, StoreError};

/// What a URL may say beside the address; the rest is for other drivers.
const PARAMETERS: &[&str] =
    &["sslmode", "ssl-mode", "sslca", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key", "socket"];

#[derive(Clone)]
pub(crate) struct MySqlConnector {
    options: MySqlConnectOptions,
    statement_timeout: Duration,
    product: Arc<AtomicU8>,
}

/// Two products with one protocol; they differ in a few names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    MySql = 1,
    MariaDb = 2,
}

impl MySqlConnector {
    pub(super) fn new(url: &Url, options: &ServerOptions) -> Result<Self, StoreError> {
        if options.schema.is_some() {
            let why = "only PostgreSQL has schemas within a database: here the URL's database is the schema";
            return Err(StoreError::Setup(why.to_owned()));
        }
        let mut connect = MySqlConnectOptions::from_url(&without_unknown_parameters(url, PARAMETERS))
            .map_err(|_| StoreError::Setup("a part of the database's URL cannot be read".to_owned()))?
            .charset("utf8mb4")
            .collation("utf8mb4_bin")
            .pipes_as_concat(false) // the whole mode is set below
            .no_engine_substitution(false)
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging(); // statements are logged with their arguments
        if let Some(tls) = tls_of(url, connect.get_host(), connect.get_socket(), options) {
            connect = connect.ssl_mode(match tls {
                ServerTls::Automatic => MySqlSslMode::Preferred,
                ServerTls::Off => MySqlSslMode::Disabled,
                ServerTls::Encrypted => MySqlSslMode::Required,
                ServerTls::Authority => MySqlSslMode::VerifyCa,
                ServerTls::Full => MySqlSslMode::VerifyIdentity,
            });
        }
        if let Some(file) = &options.tls_ca {
            connect = connect.ssl_ca(file);
        }
        let (statement_timeout, product) = (options.statement_timeout, Arc::new(AtomicU8::new(0)));
        Ok(Self { options: connect, statement_timeout, product })
    }

    pub(super) async fn open(&self, purpose: Use) -> Result<MySqlConnection, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        let product = self.product(&mut connection).await?;
        let session = self.session(purpose, product);
        sqlx::raw_sql(AssertSqlSafe(session)).execute(&mut connection).await?;
        Ok(connection)
    }

    /// Asked once.
    pub(super) async fn product(&self, connection: &mut MySqlConnection) -> Result<Product, sqlx::Error> {
        let known = self.product.load(Ordering::Relaxed);
        for product in [Product::MySql, Product::MariaDb] {
            if known == product as u8 {
                return Ok(product);
            }
        }
        let row = sqlx::raw_sql("SELECT VERSION() AS version").fetch_one(connection).await?;
        let version: String = row.try_get("version")?;
        let product = if version.contains("MariaDB") { Product::MariaDb } else { Product::MySql };
        self.product.store(product as u8, Ordering::Relaxed);
        Ok(product)
    }

    /// How connections are protected, as the driver calls it.
    #[cfg(test)]
    pub(super) fn tls(&self) -> String {
        format!("{:?}", self.options.get_ssl_mode())
    }

    /// Set once for a connection, so that a transaction costs no round trip more than its statements and its commit:
    /// with autocommit off the first statement begins it.
    fn session(&self, purpose: Use, product: Product) -> String {
        let mut settings = vec![
            // Refuses what does not fit a column, instead of cutting it.
            "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,\
             NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY,PIPES_AS_CONCAT'"
                .to_owned(),
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED".to_owned(),
            "SET time_zone = '+00:00'".to_owned(),
            // Whatever the server begins with.
            format!("SET autocommit = {}", u8::from(purpose != Use::Write)),
        ];
        if purpose == Use::Read {
            settings.push("SET SESSION TRANSACTION READ ONLY".to_owned());
        }
        settings.extend(self.limits(purpose, product));
        settings.join("; ")
    }

    /// How long the server lets things take, whatever it lets others.
    fn limits(&self, purpose: Use, product: Product) -> Vec<String> {
        let seconds = seconds(self.statement_timeout);
        let (statement, lock) = if purpose == Use::Migrate { (0, 600) } else { (seconds, seconds) };
        let mut limits = vec![
            match product {
                Product::MariaDb => format!("SET max_statement_time = {statement}"),
                Product::MySql => format!("SET max_execution_time = {}", 1000 * statement),
            },
            format!("SET lock_wait_timeout = {lock}"), // for a table that somebody changes
            format!("SET innodb_lock_wait_timeout = {lock}"),
        ];
        if purpose == Use::Write {
            // A node that hangs with a transaction open, or whose machine is gone, holds nobody up for long.
            limits.push(match product {
                Product::MariaDb => format!("SET idle_transaction_timeout = {}", 2 * seconds),
                Product::MySql => format!("SET wait_timeout = {}", 2 * seconds),
            });
        }
        limits
    }
}

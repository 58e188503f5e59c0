//! Where the database is and how it is used.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

/// A database, embedded or on a server.
#[derive(Debug, Clone)]
pub enum StoreOptions {
    /// A file of this process alone.
    Sqlite {
        /// The file. Made when absent, with its folder.
        path: PathBuf,
        /// Number of connections that read beside the one that writes.
        readers: u32,
    },
    /// A server that several processes share.
    Server(ServerOptions),
}

/// A MySQL, MariaDB or PostgreSQL database and the connections to it.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// `mysql://`, `mariadb://` or `postgres://user:password@host:port/database`. Secret: it holds the password.
    pub url: SecretString,
    /// Connections at the most, at least 1.
    pub connections: u32,
    /// How long work waits for a free connection, or for the server to take a new one.
    pub acquire_timeout: Duration,
    /// How long one statement may run, waiting for locks included.
    pub statement_timeout: Duration,
    /// How the connection is protected.
    pub tls: ServerTls,
    /// PEM file with the certificates that the server's must lead to, in place of the system's.
    pub tls_ca: Option<PathBuf>,
    /// PostgreSQL only: the schema that holds the tables, in place of the user's default. It must exist.
    pub schema: Option<String>,
}

/// How a connection to a server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerTls {
    /// [`Self::Full`] to other machines; on loopback encrypted when the server can.
    #[default]
    Automatic,
    /// Not at all.
    Off,
    /// Encrypted, but whoever answers is believed.
    Encrypted,
    /// Encrypted; the certificate must lead to a trusted one.
    Authority,
    /// Encrypted; the certificate must lead to a trusted one and name the host.
    Full,
}

impl ServerOptions {
    /// Up to 16 connections, statements of up to 30 s, and waits of up to 5 s for a connection.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            connections: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            tls: ServerTls::default(),
            tls_ca: None,
            schema: None,
        }
    }
}

//! What the settings of the database say together.

use secrecy::ExposeSecret as _;

use super::DatabaseSettings;

impl DatabaseSettings {
    /// Whether the records are on a PostgreSQL server.
    pub fn is_postgres(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.expose_secret().starts_with("postgres"))
    }
}

//! SQL through the server's own command-line client: a test kit needs no driver.

use std::process::Command;

use url::Url;

use super::kind::ServerKind;

/// Where and as whom to connect. Its `Debug` does not matter: the passwords are of tests.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) kind: ServerKind,
    pub(super) url: Url,
}

impl Access {
    pub(super) fn parse(kind: ServerKind, url: &str) -> Self {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{} is no URL: {error}", kind.variable()));
        Self { kind, url }
    }

    /// The same server, but another user and database.
    pub(super) fn with(&self, user: &str, password: &str, database: &str) -> Self {
        let mut url = self.url.clone();
        url.set_username(user).expect("a database URL has a host");
        url.set_password(Some(password)).expect("a database URL has a host");
        url.set_path(database);
        Self { kind: self.kind, url }
    }

    pub(super) fn port(&self) -> u16 {
        self.url.port().unwrap_or(match self.kind {
            ServerKind::Postgres => 5432,
            ServerKind::MariaDb => 3306,
        })
    }

    /// Runs the statements one by one, each by itself, and returns the rows: columns by tabs, no heading.
    pub(super) fn run(&self, statements: &[&str]) -> Result<String, String> {
        let mut command = match self.kind {
            ServerKind::Postgres => self.psql(statements),
            ServerKind::MariaDb => self.mariadb(statements),
        }?;
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    fn psql(&self, statements: &[&str]) -> Result<Command, String> {
        let mut command = self.client()?;
        let mut url = self.url.clone();
        url.set_password(None).expect("a database URL has a host");
        command.env("PGPASSWORD", self.password()).env("PGCONNECT_TIMEOUT", "10");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t"]);
        command.args(["--set=ON_ERROR_STOP=1", &format!("--dbname={url}")]);
        command.args(statements.iter().map(|statement| format!("--command={statement}")));
        Ok(command)
    }

    fn mariadb(&self, statements: &[&str]) -> Result<Command, String> {
        let mut command = self.client()?;
        command.env("MYSQL_PWD", self.password());
        command.args([
            "--no-defaults",
            "--protocol=tcp",
            "--connect-timeout=10",
            "--batch",
            "--skip-column-names",
        ]);
        command.args([
            "--default-character-set=utf8mb4".to_owned(),
            format!("--host={}", self.url.host_str().unwrap_or("127.0.0.1")),
            format!("--port={}", self.port()),
            format!("--user={}", self.url.username()),
            format!("--database={}", self.url.path().trim_start_matches('/')),
            format!("--execute={}", statements.join(";\n")),
        ]);
        Ok(command)
    }

    fn client(&self) -> Result<Command, String> {
        Ok(Command::new(self.kind.client().map_err(|missing| missing.to_string())?))
    }

    fn password(&self) -> &str {
        self.url.password().unwrap_or_default()
    }
}

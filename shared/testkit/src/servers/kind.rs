//! Which servers there are, and what differs between them.

use super::programs::{self, Missing};

/// A product that can be started for a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerKind {
    /// PostgreSQL 13 or later.
    Postgres,
    /// MariaDB 10.6 or later.
    MariaDb,
}

/// What a commit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As it is installed: every commit reaches the disk. For benchmarks.
    Disk,
    /// A commit survives the end of the server's processes, not that of the machine; much quicker. For tests.
    Process,
}

impl ServerKind {
    /// Both, for tests that run over all of them.
    pub const ALL: [Self; 2] = [Self::Postgres, Self::MariaDb];

    /// The variable that names a server to use instead of starting one. Its user may create databases and users.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "WAYBILL_TEST_POSTGRES_URL",
            Self::MariaDb => "WAYBILL_TEST_MARIADB_URL",
        }
    }

    /// The Debian package that brings server and client.
    pub fn package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::MariaDb => "mariadb-server",
        }
    }

    /// True when its programs are installed, so that one can be started.
    pub fn is_installed(self) -> bool {
        self.programs().is_ok()
    }

    /// The shell functions that the supervisor calls.
    pub(super) fn functions(self) -> &'static str {
        match self {
            Self::Postgres => include_str!("postgres.sh"),
            Self::MariaDb => include_str!("mariadb.sh"),
        }
    }

    /// The variables that those functions read, with the paths of the programs.
    pub(super) fn programs(self) -> Result<Vec<(&'static str, String)>, Missing> {
        match self {
            Self::Postgres => Ok(vec![
                ("INITDB", self.program(&["initdb"])?),
                ("SERVE", self.program(&["postgres"])?),
                ("READY", self.program(&["pg_isready"])?),
            ]),
            Self::MariaDb => Ok(vec![
                ("INSTALL", self.program(&["mariadb-install-db", "mysql_install_db"])?),
                ("SERVE", self.program(&["mariadbd", "mysqld"])?),
                ("CLIENT", self.client()?),
            ]),
        }
    }

    /// Its command-line client.
    pub(super) fn client(self) -> Result<String, Missing> {
        match self {
            Self::Postgres => self.program(&["psql"]),
            Self::MariaDb => self.program(&["mariadb", "mysql"]),
        }
    }

    /// Arguments of the server for that durability.
    pub(super) fn options(self, durability: Durability) -> &'static str {
        match (self, durability) {
            (_, Durability::Disk) => "",
            // What is committed has been handed to the operating system, so it outlives a kill.
            (Self::Postgres, Durability::Process) => "-c fsync=off -c shared_buffers=32MB",
            (Self::MariaDb, Durability::Process) => {
                "--innodb-flush-log-at-trx-commit=2 --innodb-flush-method=nosync --skip-innodb-doublewrite \
                 --innodb-buffer-pool-size=64M \
                 --innodb-log-file-size=16M"
            }
        }
    }

    /// The URL of a database on this machine.
    pub(super) fn url(self, user: &str, password: &str, port: u16, database: &str) -> String {
        let scheme = match self {
            Self::Postgres => "postgres",
            Self::MariaDb => "mysql",
        };
        format!("{scheme}://{user}:{password}@127.0.0.1:{port}/{database}")
    }

    /// The database that is always there.
    pub(super) fn first_database(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MariaDb => "mysql",
        }
    }

    fn program(self, names: &[&str]) -> Result<String, Missing> {
        programs::find(names).ok_or(Missing { program: names[0].to_owned(), package: self.package() })
    }
}

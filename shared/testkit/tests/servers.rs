//! The private servers themselves, each started for one test and ended by it.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use waybill_testkit::eventually;
use waybill_testkit::servers::{Durability, Server, ServerKind, mariadb, postgres};

fn is_up(url: &str) -> bool {
    let url = url::Url::parse(url).unwrap();
    TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).is_ok()
}

/// Starts one, uses it, ends it in every way, and looks for what is left.
fn whole_life(kind: ServerKind) {
    let server = Server::start_private(kind, Durability::Process);
    let database = server.database();
    database.query("CREATE TABLE names (name VARCHAR(20))");
    database.query("INSERT INTO names VALUES ('Taylor')");
    server.kill9();
    assert!(!is_up(server.url()), "killed");
    server.start();
    assert_eq!(database.query("SELECT name FROM names"), "Taylor\n", "a commit survives a kill");
    server.stop();
    server.stop();
    assert!(!is_up(server.url()), "stopped");
    server.start();
    server.start();
    assert_eq!(database.query("SELECT name FROM names"), "Taylor\n");

    let (folder, url) = (server.data_folder(), server.url().to_owned());
    assert!(folder.is_dir());
    drop(server);
    assert!(!is_up(&url));
    assert!(!folder.exists());
}

#[test]
fn postgres_starts_stops_dies_and_returns() {
    whole_life(ServerKind::Postgres);
}

#[test]
fn mariadb_starts_stops_dies_and_returns() {
    whole_life(ServerKind::MariaDb);
}

#[test]
fn each_test_has_a_database_and_a_user_of_its_own() {
    for server in [postgres(), mariadb()] {
        let (one, other) = (server.database(), server.database());
        assert_ne!(one.name(), other.name());
        for database in [&one, &other] {
            database.query("CREATE TABLE mine (name VARCHAR(20))");
        }
        let gone = one.url().to_owned();
        drop(one);
        let names = match server.kind() {
            ServerKind::Postgres => other.query("SELECT datname FROM pg_database"),
            ServerKind::MariaDb => other.query("SHOW DATABASES"),
        };
        assert!(names.contains(other.name()), "{names}");
        assert!(!names.lines().any(|name| gone.ends_with(name)), "{names}");
    }
}

/// The other role of the test below: keeps a server and never ends by itself.
fn own_a_server(package: &str) -> ! {
    let kind = ServerKind::ALL.into_iter().find(|kind| kind.package() == package).unwrap();
    let server = Server::start_private(kind, Durability::Process);
    println!("OWNS\t{}\t{}", server.url(), server.data_folder().display());
    loop {
        std::thread::park();
    }
}

#[tokio::test]
async fn a_server_ends_when_its_owner_is_killed() {
    if let Ok(package) = std::env::var("OWNER_OF") {
        own_a_server(&package);
    }
    for kind in ServerKind::ALL {
        let mut owner = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_server_ends_when_its_owner_is_killed", "--nocapture"])
            .env("OWNER_OF", kind.package())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(owner.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line =
            lines.into_iter().find(|line| line.contains("OWNS\t")).expect("the owner's server started");
        let words: Vec<&str> = line.split('\t').collect();
        let (url, folder) = (words[1].to_owned(), PathBuf::from(words[2]));
        assert!(is_up(&url));
        owner.kill().unwrap();
        owner.wait().unwrap();
        let gone = async || (!is_up(&url) && !folder.exists()).then_some(());
        eventually("the end of the server", Duration::from_secs(20), gone).await;
    }
}

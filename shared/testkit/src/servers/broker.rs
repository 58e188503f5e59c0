//! RabbitMQ: started by us, or named by the environment.

use std::path::PathBuf;

use super::private::{PASSWORD, Private, USER};
use super::programs::{self, Missing};

/// A message broker for tests. One that we started ends, with its data, when the value is dropped or the test process is
/// killed. Tests that share one have queues of different prefixes.
#[derive(Debug)]
pub struct Broker {
    url: String,
    own: Option<Private>,
}

impl Broker {
    /// The variable that names a broker to use instead of starting one. Its user may do everything.
    pub const VARIABLE: &'static str = "WAYBILL_TEST_RABBITMQ_URL";
    /// The Debian package that brings it.
    pub const PACKAGE: &'static str = "rabbitmq-server";

    /// True when its programs are installed, so that one can be started.
    pub fn is_installed() -> bool {
        programs().is_ok()
    }

    /// Starts a private broker on ports of its own, with further lines of its configuration file. Panics where
    /// [`Self::try_start_private`] fails.
    pub fn start_private(configuration: &str) -> Self {
        Self::try_start_private(configuration).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Starts a private broker on ports of its own, with further lines of its configuration file.
    ///
    /// # Errors
    /// What to do when it is not installed; its log when it does not start.
    pub fn try_start_private(configuration: &str) -> Result<Self, String> {
        Self::try_start(configuration, &[])
    }

    /// Starts a private broker with further lines of its configuration file, in which `{folder}` is where `files` are,
    /// each a name and its text: certificates, for instance. Panics where [`Self::try_start_private`] fails.
    pub fn start_private_with(configuration: &str, files: &[(&str, &str)]) -> Self {
        Self::try_start(configuration, files).unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_start(configuration: &str, files: &[(&str, &str)]) -> Result<Self, String> {
        let variables = programs().map_err(|missing| missing.to_string())?;
        let functions = include_str!("rabbitmq.sh");
        let own = Private::start("RabbitMQ", functions, variables, configuration, files, 3)?;
        let url = format!("amqp://{USER}:{PASSWORD}@127.0.0.1:{}/%2f", own.port());
        Ok(Self { url, own: Some(own) })
    }

    /// Takes a broker that runs already.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), own: None }
    }

    /// Where it is, with user and password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same through another port on 127.0.0.1: a proxy.
    pub fn url_through(&self, port: u16) -> String {
        self.url.replacen(&format!(":{}/", self.port()), &format!(":{port}/"), 1)
    }

    /// Its port on 127.0.0.1. Only for a broker of one's own, as all that follows.
    pub fn port(&self) -> u16 {
        self.own().port()
    }

    /// Starts it again after [`Self::stop`] or [`Self::kill9`], on the same ports with the same data, and waits until it
    /// answers.
    pub fn start(&self) {
        self.own().order("start");
    }

    /// Ends it in order; clients are cut off.
    pub fn stop(&self) {
        self.own().order("stop");
    }

    /// `kill -9` to all its processes.
    pub fn kill9(&self) {
        self.own().order("kill_hard");
    }

    /// Memory or disk run out: whoever publishes is blocked.
    pub fn raise_alarm(&self) {
        self.own().order("raise_alarm");
    }

    /// There is room again.
    pub fn clear_alarm(&self) {
        self.own().order("clear_alarm");
    }

    /// Deletes a queue with all that is in it, whoever uses it.
    pub fn delete_queue(&self, name: &str) {
        self.own().order(&format!("delete_queue {name}"));
    }

    /// The process whose descendants it is.
    pub fn process_id(&self) -> u32 {
        self.own().process_id()
    }

    /// Closes the connections whose names contain a word.
    pub fn close_connections(&self, word: &str) {
        self.own().order(&format!("close_connections {word}"));
    }

    /// Its data files.
    pub fn data_folder(&self) -> PathBuf {
        self.own().data_folder()
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        self.own().log()
    }

    fn own(&self) -> &Private {
        self.own.as_ref().expect("only for a broker that `Broker::start_private` started")
    }
}

/// Debian's wrappers in `/usr/sbin` want the package's own user: the scripts behind them do not.
fn programs() -> Result<Vec<(&'static str, String)>, Missing> {
    let program = |name: &str| {
        programs::find(&[name]).ok_or_else(|| Missing { program: name.to_owned(), package: Broker::PACKAGE })
    };
    Ok(vec![
        ("SERVE", program("rabbitmq-server")?),
        ("CONTROL", program("rabbitmqctl")?),
        ("MAPPER", program("epmd")?),
    ])
}

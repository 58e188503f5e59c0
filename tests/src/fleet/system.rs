//! The whole system: both nodes, their servers, the lines between them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde_json::{Value, json};
use waybill_testkit::ChaosProxy;
use waybill_testkit::servers::{Broker, Durability, Server, ServerKind};

use super::callbacks::Callbacks;
use super::service::Service;
use crate::NodeDatabase;
use crate::client::Client;
use crate::directory::edit_directory;
use crate::node::Node;
use crate::pair::Pair;
use crate::party::{OUR_ID, ROBOT_ID};

/// The services of a node.
pub const SERVICES: [&str; 7] =
    ["relay", "keys", "chainalysis", "refinitiv", "callback", "counterparty", "ingress"];
/// Processes of each of ours.
const REPLICAS: u16 = 2;

/// Everything that runs. In this order: programs end before their servers.
#[derive(Debug)]
pub struct Fleet {
    /// Ours, two of each.
    pub services: Vec<Service>,
    /// The other VASP's node, in one process.
    pub robot: Service,
    /// Our private APIs, one of each ingress.
    pub apis: Vec<Client>,
    pub lines: Lines,
    pub callbacks: Callbacks,
    pub pair: Pair,
    pub database: Arc<Server>,
    pub broker: Arc<Broker>,
}

/// What stands between our processes and everything else.
#[derive(Debug)]
pub struct Lines {
    /// To our database.
    pub database: ChaosProxy,
    /// To our broker.
    pub broker: ChaosProxy,
    /// To the other VASP's listener.
    pub to_robot: ChaosProxy,
    /// From the other VASP, to all of our listeners in turn.
    pub to_us: ChaosProxy,
}

impl Fleet {
    /// Starts everything. Queues hold so many messages, so that a test can fill them.
    pub async fn start(kind: ServerKind, max_length: u32) -> Self {
        let servers = tokio::task::spawn_blocking(move || {
            (Server::start_private(kind, Durability::Process), Broker::start_private(""))
        });
        let (database, broker) = servers.await.expect("servers start");
        let (database, broker) = (Arc::new(database), Arc::new(broker));
        let callbacks = Callbacks::default();
        let pair = Pair::watched(&database, callbacks.clone()).await;
        let lines = Lines::to(&pair, &database, &broker).await;
        edit_directory(&pair.state(), |members| {
            endpoint(members, ROBOT_ID, &lines.to_robot);
            endpoint(members, OUR_ID, &lines.to_us);
        });
        let common = common(max_length);
        let services = SERVICES
            .iter()
            .flat_map(|name| (0..REPLICAS).map(|number| (*name, number)))
            .map(|(name, number)| service(&pair, name, number, &lines, &database, &broker, &common));
        let services = services.collect();
        let robot = robot(&pair, &broker, &common);
        let apis =
            (0..REPLICAS).map(|number| Client::new(pair.ours.party.api.port() + 10 * number)).collect();
        let mut fleet = Self { services, robot, apis, lines, callbacks, pair, database, broker };
        fleet.begin().await;
        fleet
    }

    async fn begin(&mut self) {
        let folder = &self.pair.folder;
        self.robot.begin(folder, &[]);
        for service in &mut self.services {
            service.begin(folder, &[]);
        }
        self.robot.ready().await;
        for service in &mut self.services {
            service.ready().await;
        }
    }

    /// The processes of one service, by its name.
    pub fn replicas(&mut self, name: &str) -> impl Iterator<Item = &mut Service> {
        self.services.iter_mut().filter(move |service| service.name == name)
    }

    /// Has a server do something that blocks.
    pub async fn blocking<S: Send + Sync + 'static>(
        server: &Arc<S>,
        action: impl FnOnce(&S) + Send + 'static,
    ) {
        let server = Arc::clone(server);
        tokio::task::spawn_blocking(move || action(&server)).await.expect("the server does as it is told");
    }

    /// SIGTERM to everything; all must end well.
    pub async fn stop(&mut self) {
        for service in &mut self.services {
            service.stop().await;
        }
        self.robot.stop().await;
    }
}

impl Lines {
    async fn to(pair: &Pair, database: &Server, broker: &Broker) -> Self {
        let at = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let ours = pair.ours.party.listener.port();
        Self {
            database: ChaosProxy::start(at(database.port())).await,
            broker: ChaosProxy::start(at(broker.port())).await,
            to_robot: ChaosProxy::start(at(pair.robot.party.listener.port())).await,
            to_us: ChaosProxy::balance((0..REPLICAS).map(|number| at(ours + 10 * number)).collect()).await,
        }
    }

    /// All lines work again.
    pub fn restore(&self) {
        for line in [&self.database, &self.broker, &self.to_robot, &self.to_us] {
            line.restore();
        }
    }
}

fn endpoint(members: &mut [Value], vasp_id: &str, line: &ChaosProxy) {
    let member = members.iter_mut().find(|member| member["vaspId"] == vasp_id).expect("a member");
    member["endpoint"] = json!(format!("http://{}", line.address()));
}

/// Settings that make trouble pass sooner than a day at work needs it to.
fn common(max_length: u32) -> Vec<(String, String)> {
    let max_length = max_length.to_string();
    let common = [
        ("WAYBILL__BUS__MAX_LENGTH", max_length.as_str()),
        // Everything is read again at the end.
        ("WAYBILL__INGRESS__RATE_PER_SECOND", "100000"),
        ("WAYBILL__INGRESS__RATE_BURST", "100000"),
        ("WAYBILL__BUS__LOST_AFTER", "3s"),
        ("WAYBILL__BUS__CONFIRM_TIMEOUT", "3s"),
        ("WAYBILL__DATABASE__ACQUIRE_TIMEOUT", "2s"),
        ("WAYBILL__DATABASE__STATEMENT_TIMEOUT", "5s"),
        ("WAYBILL__DATABASE__CONNECTIONS", "8"),
        ("WAYBILL__PEERS__REQUEST_TIMEOUT", "3s"),
        ("WAYBILL__PEERS__BREAKER_OPEN", "1s"),
    ];
    common.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn service(
    pair: &Pair,
    name: &'static str,
    number: u16,
    lines: &Lines,
    database: &Server,
    broker: &Broker,
    common: &[(String, String)],
) -> Service {
    let folder = pair.state().join(format!("ours-{name}-{number}"));
    let party = pair.ours.party;
    let port = |client: Client| format!("127.0.0.1:{}", client.port() + 10 * number);
    let direct = url(&pair.ours);
    let through = |proxy: &ChaosProxy| proxy.address().port();
    let own_port = format!(":{}/", database.port());
    let own = [
        ("WAYBILL__NODE__DATA_DIR", folder.display().to_string()),
        ("WAYBILL__INGRESS__BIND", port(party.api)),
        ("WAYBILL__LISTENER__BIND", port(party.listener)),
        ("WAYBILL__DATABASE__URL", direct.replacen(&own_port, &format!(":{}/", through(&lines.database)), 1)),
        ("WAYBILL__BUS__URL", broker.url_through(through(&lines.broker))),
        ("WAYBILL__BUS__PREFIX", "ours".to_owned()),
    ];
    let env = own.map(|(name, value)| (name.to_owned(), value));
    let config = pair.ours.config(&pair.folder).display().to_string();
    Service::new(name, format!("ours-{name}-{number}"), config, [env.as_slice(), common].concat())
}

fn robot(pair: &Pair, broker: &Broker, common: &[(String, String)]) -> Service {
    let own = [("WAYBILL__BUS__URL", broker.url()), ("WAYBILL__BUS__PREFIX", "robot")];
    let env = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = pair.robot.config(&pair.folder).display().to_string();
    Service::new("run", "robot-run".to_owned(), config, [env.as_slice(), common].concat())
}

fn url(node: &Node) -> String {
    match &*node.database {
        NodeDatabase::Server(database) => database.url().to_owned(),
        NodeDatabase::File(_) => panic!("processes share a server"),
    }
}

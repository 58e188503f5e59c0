//! `amqps`: to a broker that proves who it is, or not at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tracing_subscriber::fmt::MakeWriter;
use waybill_bus::{AmqpOptions, Bus, Outcome};
use waybill_store::{Store, StoreOptions};
use waybill_testkit::servers::Broker;
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually, free_ports};

use crate::house::*;
use crate::over_amqp::quick;

/// Names `localhost`, and nothing else.
fn certificate() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// What the log says of a broker that is not to be connected to.
async fn refusal(log: &Log, options: AmqpOptions) -> String {
    let folder = TestFolder::new();
    let file = StoreOptions::Sqlite { path: folder.path().join("test.sqlite"), readers: 1 };
    let store = Store::open(&file).await.unwrap();
    let (clock, entropy) = (MockClock::default().shared(), SeededEntropy::new(9).shared());
    log.take();
    let bus = Bus::amqp(store.clone(), quick(), options, clock, entropy);
    let mut said = String::new();
    eventually("both connections are refused", SOON, async || {
        said.push_str(&log.take());
        (said.matches("the broker cannot be reached").count() >= 2).then_some(())
    })
    .await;
    // Time for more attempts: it never falls back to anything.
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!bus.is_up());
    bus.drain().await;
    store.close().await;
    said
}

#[tokio::test]
async fn a_broker_is_taken_only_with_a_certificate_that_is_trusted_for_its_name() {
    let ((ours, key), (another, _)) = (certificate(), certificate());
    let folder = TestFolder::new();
    let [trusted, other] = [("ours.pem", &ours), ("another.pem", &another)].map(|(name, pem)| {
        let file = folder.path().join(name);
        std::fs::write(&file, pem).unwrap();
        file
    });
    let ports = free_ports(1);
    let configuration = format!(
        "listeners.ssl.1 = 127.0.0.1:{}\nssl_options.cacertfile = {{folder}}/server.crt\n\
         ssl_options.certfile = {{folder}}/server.crt\nssl_options.keyfile = {{folder}}/server.key\n\
         ssl_options.verify = verify_none\nssl_options.fail_if_no_peer_cert = false",
        ports.base()
    );
    let start =
        move || Broker::start_private_with(&configuration, &[("server.crt", &ours), ("server.key", &key)]);
    let broker = tokio::task::spawn_blocking(start).await.unwrap();
    let plain = broker.url().to_owned();
    let to = |scheme: &str, host: &str, port: u16| {
        let url = plain.replacen("amqp:", &format!("{scheme}:"), 1).replacen("127.0.0.1", host, 1);
        SecretString::from(url.replacen(&format!(":{}/", broker.port()), &format!(":{port}/"), 1))
    };
    let options = |url, tls_ca: Option<&std::path::PathBuf>| AmqpOptions {
        tls_ca: tls_ca.cloned(),
        ..AmqpOptions::at(url)
    };

    let house = amqp(quick(), options(to("amqps", "localhost", ports.base()), Some(&trusted))).await;
    let (seen, _commands) = tokio::sync::mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    house.until_done(&command).await;
    house.drain().await;

    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let missing = folder.path().join("missing.pem");
    for (case, options, says) in [
        ("another CA", options(to("amqps", "localhost", ports.base()), Some(&other)), "certificate"),
        ("no CA", options(to("amqps", "localhost", ports.base()), None), "certificate"),
        ("another name", options(to("amqps", "127.0.0.1", ports.base()), Some(&trusted)), "certificate"),
        ("no file", options(to("amqps", "localhost", ports.base()), Some(&missing)), "missing.pem"),
        ("amqps to plain", options(to("amqps", "localhost", broker.port()), Some(&trusted)), ""),
        ("plain to amqps", options(to("amqp", "localhost", ports.base()), None), ""),
    ] {
        let said = refusal(&log, options).await;
        assert!(said.contains(says), "{case}: {said}");
        assert!(!said.contains("connected to the broker"), "{case}: {said}");
        assert!(!said.contains(broker_password(&plain)), "{case}");
    }
}

fn broker_password(url: &str) -> &str {
    let (_, after) = url.split_once("://").unwrap();
    after.split_once('@').unwrap().0.split_once(':').unwrap().1
}

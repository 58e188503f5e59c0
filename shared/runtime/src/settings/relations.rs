//! What several settings must satisfy together.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::checks;
use super::every_section::Sections;
use super::mistake::SettingsMistake;
use super::sections::{
    AdminSettings, BackendSettings, BusSettings, CallbackSettings, DatabaseSettings, EncryptionSettings,
    IngressSettings, ListenerSettings,
};

/// The mistakes between settings; `for_run` when a node is to run with them.
pub(super) fn mistakes(
    sections: &Sections,
    for_run: bool,
    sources: &BTreeMap<String, String>,
) -> Vec<SettingsMistake> {
    let mut found = Vec::new();
    found.extend(sections.ingress.as_ref().into_iter().flat_map(of_ingress));
    found.extend(sections.encryption.as_ref().into_iter().flat_map(of_encryption));
    found.extend(sections.callback.as_ref().into_iter().flat_map(of_callback));
    found.extend(sections.database.as_ref().into_iter().flat_map(of_database));
    if let (Some(bus), Some(database)) = (&sections.bus, &sections.database) {
        found.extend(of_bus(bus, database));
    }
    if let (Some(ingress), Some(listener)) = (&sections.ingress, &sections.listener) {
        found.extend(of_addresses(ingress, listener));
        found.extend(sections.admin.iter().flat_map(|admin| of_admin(admin, ingress, listener)));
    }
    if for_run {
        found.extend(sections.backend.as_ref().into_iter().flat_map(of_backend));
    }
    let described = |(key, problem): (&str, String)| SettingsMistake {
        key: key.to_owned(),
        source: sources.get(key).map_or("not set", String::as_str).to_owned(),
        problem,
    };
    found.into_iter().map(described).collect()
}

type Found = Vec<(&'static str, String)>;

/// Keeps the mistakes whose condition does not hold.
fn unless<const N: usize>(rules: [(bool, &'static str, &str); N]) -> Found {
    let broken = rules.into_iter().filter(|(holds, ..)| !holds);
    broken.map(|(_, key, problem)| (key, problem.to_owned())).collect()
}

fn of_ingress(ingress: &IngressSettings) -> Found {
    let longest = ingress.request_timeout;
    unless([
        (
            ingress.account_timeout <= longest,
            "ingress.account_timeout",
            "must not exceed ingress.request_timeout",
        ),
        (
            ingress.inquiry_timeout <= longest,
            "ingress.inquiry_timeout",
            "must not exceed ingress.request_timeout",
        ),
    ])
}

fn of_callback(callback: &CallbackSettings) -> Found {
    unless([
        (
            callback.retry_first <= callback.retry_max,
            "callback.retry_first",
            "must not exceed callback.retry_max",
        ),
        (
            callback.retry_max <= callback.give_up_after,
            "callback.retry_max",
            "must not exceed callback.give_up_after",
        ),
    ])
}

fn of_database(database: &DatabaseSettings) -> Found {
    let on_server = database.url.is_some();
    unless([
        (
            !(on_server && database.path.is_some()),
            "database.path",
            "excludes database.url: the records are in a file or on a server",
        ),
        (
            database.schema.is_none() || database.is_postgres(),
            "database.schema",
            "is for PostgreSQL only, and database.url names none",
        ),
        (
            on_server || database.tls_ca.is_none(),
            "database.tls_ca",
            "is for a server, and database.url is not set",
        ),
        (
            database.tls_ca.is_none() || !matches!(&*database.tls, "off" | "encrypted"),
            "database.tls_ca",
            "is not used as long as database.tls checks no certificate",
        ),
    ])
}

fn of_bus(bus: &BusSettings, database: &DatabaseSettings) -> Found {
    unless([
        (
            bus.url.is_none() || database.url.is_some(),
            "bus.url",
            "needs database.url: services in several processes share a database on a server",
        ),
        (bus.url.is_some() || bus.tls_ca.is_none(), "bus.tls_ca", "is for a broker, and bus.url is not set"),
    ])
}

fn of_encryption(encryption: &EncryptionSettings) -> Found {
    let (keys, file) = (&encryption.keys, &encryption.keyring_file);
    let mut found = unless([
        (
            keys.is_some() || file.is_some(),
            "encryption.keys",
            "is required, or encryption.keyring_file; set it in the settings file or as WAYBILL__ENCRYPTION__KEYS",
        ),
        (
            keys.is_none() || file.is_none(),
            "encryption.keyring_file",
            "must not be set beside encryption.keys; keep one of them",
        ),
    ]);
    let check = if encryption.decrypt_url.is_some() { checks::wrapped_keyring } else { checks::keyring };
    let bad = keys.as_ref().and_then(|keys| check(keys).err());
    found.extend(bad.map(|problem| ("encryption.keys", problem)));
    found
}

fn of_addresses(ingress: &IngressSettings, listener: &ListenerSettings) -> Found {
    let distinct = ingress.bind != listener.bind || ingress.bind.port() == 0;
    unless([(distinct, "listener.bind", "must differ from ingress.bind, which is not for the public")])
}

fn of_admin(admin: &AdminSettings, ingress: &IngressSettings, listener: &ListenerSettings) -> Found {
    let taken = |bind: SocketAddr| admin.bind == Some(bind) && bind.port() != 0;
    unless([(
        !taken(ingress.bind) && !taken(listener.bind),
        "admin.bind",
        "must differ from ingress.bind and listener.bind",
    )])
}

fn of_backend(backend: &BackendSettings) -> Found {
    let problem = "is required to run a node";
    unless([
        (backend.account_url.is_some(), "backend.account_url", problem),
        (backend.verification_url.is_some(), "backend.verification_url", problem),
        (backend.transaction_url.is_some(), "backend.transaction_url", problem),
        (backend.callback_url.is_some(), "backend.callback_url", problem),
    ])
}

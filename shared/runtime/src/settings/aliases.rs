//! Variables of the interface that this node replaces, and the settings they stand for.

use std::collections::BTreeMap;

use super::database_aliases;
use super::mistake::SettingsNote;
use super::reader::{AllGiven, Given, Text};
use super::spec_named;

/// A `VEGA_…` variable that sets one of our settings.
pub(super) struct Alias {
    /// The variable.
    pub name: &'static str,
    /// The setting.
    pub setting: &'static str,
    /// Our text for its text; the second argument is what the setting would be without it.
    translate: fn(&str, &str) -> String,
}

/// Later entries for the same setting are older spellings and give way to earlier ones.
pub(super) const ALIASES: &[Alias] = &[
    alias("VEGA_SERVER_PORT", "ingress.bind", with_port),
    alias("VEGA_ENCLAVE_PUBLIC_ENDPOINT", "listener.public_endpoint", unchanged),
    alias("VEGA_VERIFICATION_ACCOUNT_API_PATH", "backend.account_url", unchanged),
    alias("VEGA_VERIFICATION_ADDRESS_API_PATH", "backend.account_url", unchanged),
    alias("VEGA_VERIFICATION_ADDRESSES_API_PATH", "backend.account_url", unchanged),
    alias("VEGA_VERIFICATION_API_PATH", "backend.verification_url", unchanged),
    alias("VEGA_VERIFICATION_TRANSACTION_API_PATH", "backend.transaction_url", unchanged),
    alias("VEGA_VERIFICATION_CALLBACK_API_PATH", "backend.callback_url", unchanged),
    alias("VEGA_VERIFICATION_AUTHORIZATION_TOKEN", "backend.authorization_token", unchanged),
    alias("VEGA_VERIFICATION_AUTHORIZATION_KEY", "backend.authorization_header", unchanged),
    alias("VEGA_VERIFICATION_RETENTION_DAYS", "verification.retention_days", unchanged),
    alias("VEGA_ENCRYPTION_KEY_BASE64", "encryption.keys", as_named_key),
    alias("VEGA_DECRYPT_API_ENDPOINT", "encryption.decrypt_url", unchanged),
    alias("VEGA_PUBLIC_KEY_TTL", "keys.ttl", as_millis),
    alias("VEGA_LOG_LEVEL", "telemetry.log_level", as_level),
    alias("VEGA_CHAINALYSIS_SANCTION_API_KEY", "chainalysis.sanction_api_key", unchanged),
    alias("VEGA_CHAINALYSIS_KYT_API_KEY", "chainalysis.kyt_api_key", unchanged),
    alias("VEGA_REFINITIV_WCO_API_KEY", "refinitiv.api_key", unchanged),
    alias("VEGA_REFINITIV_WCO_API_SECRET", "refinitiv.api_secret", unchanged),
    alias("VEGA_REFINITIV_WCO_GROUP_ID", "refinitiv.group_id", unchanged),
    alias("VEGA_DATABASE_POOL_MAX", "database.connections", unchanged),
    alias("VEGA_DATABASE_SEARCH_PATH", "database.schema", unchanged),
    alias("VEGA_DATABASE_SSL_CA", "database.tls_ca", unchanged),
];

/// Variables that change nothing here, by how they begin; the first that fits is told.
pub(super) const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("VEGA_API_ENDPOINT", "there is no central service; members are found through directory.source"),
    ("VEGA_ALLIANCE_", "there is no central service; identity.key proves who this node is"),
    ("VEGA_DATABASE_POOL_MIN", "connections are opened when they are needed"),
    ("VEGA_DATABASE_SSL_KEY", "no client certificate is presented to the database"),
    ("VEGA_DATABASE_SSL_CERT", "no client certificate is presented to the database"),
    ("VEGA_DATABASE_SSL_CAPATH", "one file holds the certificates to trust: database.tls_ca"),
    ("VEGA_DATABASE_SSL_CIPHER", "ciphers are negotiated"),
    ("VEGA_DATABASE_", "no such variable is known; see the database section"),
    ("VEGA_SERVER_KEEPALIVE_TIMEOUT_MS", "how long idle connections stay open is fixed"),
    ("VEGA_ENCLAVE_MODE", "this node always runs the travel rule (TR) and no other mode"),
    ("VEGA_VERIFICATION_VERIFY", "name verification (VN) is not offered"),
    ("VEGA_", "no such variable is known"),
];

const fn alias(name: &'static str, setting: &'static str, translate: fn(&str, &str) -> String) -> Alias {
    Alias { name, setting, translate }
}

/// Lays the aliases among `variables` over what the file gave, and tells about each.
pub(super) fn apply(variables: &BTreeMap<String, String>, given: &mut AllGiven) -> Vec<SettingsNote> {
    let mut notes = Vec::new();
    let mut set_by: BTreeMap<&str, &str> = BTreeMap::new();
    for alias in ALIASES {
        let Some(text) = variables.get(alias.name) else { continue };
        if let Some(by) = set_by.get(alias.setting) {
            notes.push(SettingsNote::AliasOverridden { alias: alias.name, by: (*by).to_owned() });
            continue;
        }
        set_by.insert(alias.setting, alias.name);
        let beneath = match given.get(alias.setting) {
            Some(Given { text: Text::One(text), .. }) => text.as_str(),
            _ => spec_named(alias.setting).and_then(|spec| spec.default).unwrap_or_default(),
        };
        let text = Text::One((alias.translate)(text, beneath));
        given.insert(alias.setting.to_owned(), Given::new(text, alias.name));
        notes.push(SettingsNote::AliasUsed { alias: alias.name, setting: alias.setting });
    }
    notes.extend(variables.keys().filter_map(|name| without_effect(name)));
    notes
}

fn without_effect(name: &str) -> Option<SettingsNote> {
    if ALIASES.iter().any(|alias| alias.name == name) || database_aliases::is_one(name) {
        return None;
    }
    let (_, why) = WITHOUT_EFFECT.iter().find(|(beginning, _)| name.starts_with(beginning))?;
    Some(SettingsNote::AliasWithoutEffect { alias: name.to_owned(), why })
}

fn unchanged(text: &str, _beneath: &str) -> String {
    text.to_owned()
}

/// Only the port was theirs to choose; the address stays ours.
fn with_port(text: &str, beneath: &str) -> String {
    let address = beneath.rsplit_once(':').map_or(beneath, |(address, _)| address);
    format!("{address}:{text}")
}

fn as_named_key(text: &str, _beneath: &str) -> String {
    format!("vega:{text}")
}

fn as_millis(text: &str, _beneath: &str) -> String {
    format!("{text}ms")
}

fn as_level(text: &str, _beneath: &str) -> String {
    if text == "none" { "off".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_stands_for_a_setting() {
        for alias in ALIASES {
            assert!(spec_named(alias.setting).is_some(), "{}", alias.name);
        }
    }

    #[test]
    fn only_the_port_is_replaced() {
        assert_eq!(with_port("1", "10.0.0.7:2"), "10.0.0.7:1");
        assert_eq!(with_port("1", "[::1]:2"), "[::1]:1");
    }
}

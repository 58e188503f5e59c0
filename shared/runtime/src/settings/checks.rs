//! What a value must satisfy beyond its type. Each check gives the rest of a sentence, without the value.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use url::{Host, Url};
use waybill_crypto::{IdentityKey, Keyring, KeyringEntries, VerifyingKey, WebhookSecrets};
use waybill_domain::{ScreeningEvent, ScreeningVendor};

pub(super) type Check = Result<(), String>;

fn require(holds: bool, problem: &str) -> Check {
    if holds { Ok(()) } else { Err(problem.to_owned()) }
}

/// More than nothing: a count, a size or a time.
pub(super) fn positive<T: Default + PartialOrd>(value: &T) -> Check {
    require(*value > T::default(), "must be more than 0")
}

pub(super) fn percentage(value: &u32) -> Check {
    require((1..=100).contains(value), "must be from 1 to 100")
}

pub(super) fn at_least_ten_minutes(value: &Duration) -> Check {
    require(*value >= Duration::from_secs(600), "must be at least 10m")
}

pub(super) fn days_if_set(days: &Option<u32>) -> Check {
    require(days.is_none_or(|days| (1..=36_500).contains(&days)), "must be from 1 to 36500")
}

pub(super) fn https_unless_loopback_if_set(url: &Option<Url>) -> Check {
    url.as_ref().map_or(Ok(()), https_unless_loopback)
}

pub(super) fn https_unless_loopback(url: &Url) -> Check {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    require(loopback || url.scheme() == "https", "must be https unless the host is a loopback address")
}

pub(super) fn screening_rules(rules: &[String]) -> Check {
    let known = |rule: &String| {
        rule.split_once(':').is_some_and(|(vendor, event)| {
            vendor.parse::<ScreeningVendor>().is_ok() && event.parse::<ScreeningEvent>().is_ok()
        })
    };
    require(
        rules.iter().all(known),
        "must be vendor:event each, with the vendors chainalysis-sanction, chainalysis-kyt, refinitiv-wco and the \
         events created, verified, reported",
    )
}

pub(super) fn all_positive(items: &[Duration]) -> Check {
    items.iter().try_for_each(positive)
}

pub(super) fn kyt_format_if_set(format: &Option<String>) -> Check {
    require(
        format.as_deref().is_none_or(|format| matches!(format, "normalized" | "display")),
        "must be normalized or display",
    )
}

/// A path may hold any letters; a URL in its place must not hold a password.
pub(super) fn no_credentials(source: &str) -> Check {
    let bare = Url::parse(source).map_or(true, |url| url.username().is_empty() && url.password().is_none());
    require(bare, "must not hold a user name or password")
}

pub(super) fn hosts_or_ranges(items: &[String]) -> Check {
    let known = |item: &String| {
        let address = item.parse::<IpNet>().is_ok() || item.parse::<IpAddr>().is_ok();
        let looks_like_host = item.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
        address || (looks_like_host && Host::parse(item).is_ok())
    };
    require(items.iter().all(known), "must be host names, addresses or ranges such as 10.1.0.0/16")
}

pub(super) fn header_name(name: &str) -> Check {
    require(http::HeaderName::try_from(name).is_ok(), "must be the name of an HTTP header")
}

pub(super) fn text_or_json(format: &str) -> Check {
    require(matches!(format, "text" | "json"), "must be text or json")
}

/// A word alone is a level; the filter itself would take any other word for the name of a module.
pub(super) fn log_filter(filter: &str) -> Check {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let bare_words = || filter.split(',').map(str::trim).filter(|part| !part.contains(['=', '[']));
    let known = bare_words().all(|word| levels.iter().any(|level| level.eq_ignore_ascii_case(word)));
    require(
        known && EnvFilter::try_new(filter).is_ok(),
        "must be off, error, warn, info, debug, trace, or directives such as info,waybill_ingress=debug",
    )
}

/// The readers of `waybill_crypto` decide about keys; their errors never repeat one.
fn readable<T, E: std::fmt::Display>(read: Result<T, E>) -> Check {
    read.map(|_| ()).map_err(|error| format!("cannot be used: {error}"))
}

pub(super) fn public_key(key: &str) -> Check {
    readable(VerifyingKey::parse(key))
}

pub(super) fn seed(key: &SecretString) -> Check {
    readable(IdentityKey::parse(key.expose_secret()))
}

pub(super) fn seed_if_set(key: &Option<SecretString>) -> Check {
    key.as_ref().map_or(Ok(()), seed)
}

pub(super) fn keyring(keys: &SecretString) -> Check {
    readable(Keyring::parse(keys.expose_secret()))
}

/// None is fine: the records are then in a file.
pub(super) fn database_url_if_set(url: &Option<SecretString>) -> Check {
    let Some(url) = url else { return Ok(()) };
    let form = "must be postgres://user:password@host:port/name or mysql://user:password@host:port/name";
    let Ok(url) = Url::parse(url.expose_secret()) else {
        return Err(format!("{form}; special characters in user and password are written as %XX"));
    };
    require(matches!(url.scheme(), "postgres" | "postgresql" | "mysql" | "mariadb"), form)?;
    require(url.host_str().is_some_and(|host| !host.is_empty()), form)?;
    let database = url.path().trim_start_matches('/');
    require(!database.is_empty() && !database.contains('/'), "must end with the name of the database")?;
    require(!url.username().is_empty(), "must name the user")?;
    let bare = url.query().is_none() && url.fragment().is_none();
    require(
        bare,
        "takes no parameters: see database.tls, database.schema and the other settings of the section",
    )
}

/// None is fine: the services are then in one process.
pub(super) fn amqp_url_if_set(url: &Option<SecretString>) -> Check {
    let Some(url) = url else { return Ok(()) };
    let form = "must be amqp://user:password@host:port/vhost or amqps://user:password@host:port/vhost";
    let Ok(url) = Url::parse(url.expose_secret()) else {
        return Err(format!("{form}; special characters in user and password are written as %XX"));
    };
    require(matches!(url.scheme(), "amqp" | "amqps"), form)?;
    require(url.host_str().is_some_and(|host| !host.is_empty()), form)?;
    require(!url.username().is_empty(), "must name the user")?;
    let vhost = url.path().strip_prefix('/').unwrap_or_default();
    require(
        !vhost.is_empty() && !vhost.contains('/'),
        "must end with the virtual host; %2f is the usual one",
    )?;
    require(
        url.query().is_none() && url.fragment().is_none(),
        "takes no parameters: see the section's settings",
    )
}

pub(super) fn queue_prefix(prefix: &str) -> Check {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let good = (1..=64).contains(&prefix.len()) && prefix.chars().all(plain);
    require(good, "must be 1 to 64 letters, digits, dots, dashes or underscores")
}

pub(super) fn tls_mode(mode: &str) -> Check {
    let known = matches!(mode, "auto" | "off" | "encrypted" | "authority" | "full");
    require(known, "must be auto, off, encrypted, authority or full")
}

/// One name that needs no quotes: what else people use is a mistake more often than a wish.
pub(super) fn schema_if_set(schema: &Option<String>) -> Check {
    let Some(schema) = schema else { return Ok(()) };
    let letter = |b: u8| b.is_ascii_lowercase() || b == b'_';
    let plain = schema.bytes().all(|b| letter(b) || b.is_ascii_digit());
    let begins = schema.bytes().next().is_some_and(letter);
    require(
        plain && begins && schema.len() <= 63,
        "must be one name of up to 63 lower-case letters, digits and underscores",
    )
}

/// For keys that somebody else unwraps: only their names can be looked at.
pub(super) fn wrapped_keyring(keys: &SecretString) -> Check {
    readable(KeyringEntries::parse(keys.expose_secret()))
}

/// None is fine: deliveries are then not signed.
pub(super) fn webhook_secrets(secrets: &[SecretString]) -> Check {
    let secrets: Vec<&str> = secrets.iter().map(ExposeSecret::expose_secret).collect();
    if secrets.is_empty() { Ok(()) } else { readable(WebhookSecrets::parse(&secrets)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn plain_http_stays_on_loopback() {
        for (url, good) in [
            ("https://vasp.example/", true),
            ("http://127.0.0.1:21300/callback", true),
            ("http://[::1]:21300/", true),
            ("http://localhost:21300/", true),
            ("http://vasp.example/", false),
            ("http://10.0.0.1/", false),
            ("http://localhost.vasp.example/", false),
        ] {
            assert_eq!(https_unless_loopback_if_set(&Some(Url::parse(url).unwrap())).is_ok(), good, "{url}");
        }
        assert!(https_unless_loopback_if_set(&None).is_ok());
    }

    #[test]
    fn days_are_at_least_one() {
        for (days, good) in
            [(None, true), (Some(1), true), (Some(36_500), true), (Some(0), false), (Some(36_501), false)]
        {
            assert_eq!(days_if_set(&days).is_ok(), good, "{days:?}");
        }
    }

    #[test]
    fn keys_must_be_usable() {
        assert!(seed(&KEY.into()).is_ok() && keyring(&format!("2024:{KEY},2025:{KEY}").into()).is_ok());
        assert!(wrapped_keyring(&"2024:arn:aws:kms:eu-west-1:1:key/2".into()).is_ok());
        assert!(webhook_secrets(&[]).is_ok());
        assert!(webhook_secrets(&[format!("whsec_{KEY}").into()]).is_ok());
        for refused in [
            seed(&"c2hvcnQ=".into()),
            public_key("c2hvcnQ"),
            keyring(&KEY.into()),
            keyring(&format!("2024:{KEY},2024:{KEY}").into()),
            wrapped_keyring(&KEY.into()),
            webhook_secrets(&["c2hvcnQ=".into()]),
        ] {
            let problem = refused.unwrap_err();
            assert!(!problem.contains("c2hv") && !problem.contains(KEY), "{problem}");
        }
    }

    #[test]
    fn a_misspelt_level_is_not_taken_for_a_module() {
        for good in ["info", "DEBUG", "off", "info,waybill_ingress=debug"] {
            assert!(log_filter(good).is_ok(), "{good}");
        }
        for bad in ["", "inof", "none", "info,waybill_ingress=loud"] {
            assert!(log_filter(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn private_members_are_hosts_or_ranges() {
        let list = |text: &str| vec![text.to_owned()];
        for good in ["10.1.0.0/16", "127.0.0.1", "::1", "fd00::/8", "vasp.internal"] {
            assert!(hosts_or_ranges(&list(good)).is_ok(), "{good}");
        }
        for bad in ["10.1.0.0/99", "https://vasp.internal", "vasp internal", "999.1.1.1"] {
            assert!(hosts_or_ranges(&list(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_database_on_a_server_is_named_in_full_and_without_parameters() {
        let check = |url: &str| database_url_if_set(&Some(url.into()));
        for good in [
            "postgres://waybill:s3cret@db.example:5432/travel",
            "postgresql://waybill:p%40ss@[fd00::1]/travel",
            "mysql://waybill@127.0.0.1/travel",
            "mariadb://waybill:s3cret@db/travel",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "db.example",
            "sqlite:///tmp/s3cret",
            "postgres://waybill:s3cret@/travel",
            "postgres://waybill:s3cret@db.example",
            "postgres://waybill:s3cret@db.example/",
            "postgres://waybill:s3cret@db.example/a/b",
            "postgres://db.example/travel",
            "postgres://waybill:s3cret@db.example/travel?sslmode=disable",
            "postgres://waybill:s3c/ret@db.example/travel",
        ] {
            let problem = check(bad).unwrap_err();
            assert!(!problem.contains("s3c"), "{problem}");
        }
        assert_eq!(database_url_if_set(&None), Ok(()));
    }

    #[test]
    fn a_broker_is_named_in_full_and_without_parameters() {
        let check = |url: &str| amqp_url_if_set(&Some(url.into()));
        for good in ["amqp://waybill:s3cret@mq.example:5672/%2f", "amqps://waybill:p%40ss@[fd00::1]/travel"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "mq.example",
            "http://waybill:s3cret@mq.example/%2f",
            "amqp://waybill:s3cret@mq.example",
            "amqp://waybill:s3cret@mq.example/",
            "amqp://mq.example/%2f",
            "amqp://waybill:s3cret@mq.example/a/b",
            "amqp://waybill:s3cret@mq.example/%2f?heartbeat=1",
        ] {
            let problem = check(bad).unwrap_err();
            assert!(!problem.contains("s3c"), "{problem}");
        }
        assert_eq!(amqp_url_if_set(&None), Ok(()));
        assert!(queue_prefix("waybill.eu-1_a").is_ok());
        for bad in ["", "a b", "a/b", "ü", &"a".repeat(65)] {
            assert!(queue_prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_schema_is_one_plain_name() {
        let check = |name: &str| schema_if_set(&Some(name.to_owned()));
        for good in ["enclave", "_a1", "travel_rule_2"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["enclave,public", "Enclave", "1a", "a b", "a;drop", "\"a\"", &long] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn directory_sources_hold_no_password() {
        assert!(no_credentials("./directory.json").is_ok());
        assert!(no_credentials("https://alliance.example/directory.json").is_ok());
        assert!(no_credentials("https://me:secret@alliance.example/d.json").is_err());
    }
}

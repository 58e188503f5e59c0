//! Settings as an operator meets them: from files and the environment, right and wrong.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret;
use tempfile::TempDir;
use waybill_runtime::settings::{LoadFrom, Loaded, Settings, SettingsMistake};

const SEED: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const WEBHOOKS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const REQUIRED: [(&str, &str); 5] = [
    ("WAYBILL__NODE__VASP_ID", "15952089931162059995"),
    ("WAYBILL__DIRECTORY__SOURCE", "./directory.json"),
    ("WAYBILL__DIRECTORY__TRUST_ROOT", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"),
    ("WAYBILL__IDENTITY__KEY", SEED),
    ("WAYBILL__ENCRYPTION__KEYS", "first:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
];

fn load(file: Option<PathBuf>, env: &[(&str, &str)], for_run: bool) -> Result<Loaded, Vec<SettingsMistake>> {
    let env = env.iter().map(|(name, text)| (name.to_string(), text.to_string()));
    Settings::load(LoadFrom { file, env, for_run })
}

/// What is required, and `env` besides.
fn with(env: &[(&str, &str)]) -> Result<Loaded, Vec<SettingsMistake>> {
    load(None, &[&REQUIRED, env].concat(), false)
}

/// The same, over a file with this content.
fn over_file(content: &str, env: &[(&str, &str)]) -> Result<Loaded, Vec<SettingsMistake>> {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, "waybill.toml", content);
    load(Some(file), &[&REQUIRED, env].concat(), false)
}

fn written(folder: &TempDir, name: &str, content: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn keys(mistakes: &[SettingsMistake]) -> Vec<&str> {
    mistakes.iter().map(|mistake| mistake.key.as_str()).collect()
}

#[test]
fn defaults_fill_what_is_not_set() {
    let settings = with(&[]).unwrap().settings;
    assert_eq!(settings.ingress.bind.to_string(), "127.0.0.1:21117");
    assert_eq!(settings.keys.ttl, Duration::from_secs(1800));
    assert_eq!(settings.peers.report_give_up_after, Duration::from_secs(7 * 86_400));
    assert_eq!(settings.database_path(), PathBuf::from("./.waybill/node/waybill.sqlite"));
    assert!(settings.callback.secrets.is_empty());
}

#[test]
fn sections_without_required_settings_have_defaults_in_code() {
    use waybill_runtime::settings::*;
    assert_eq!(IngressSettings::default().rate_burst, 1000);
    assert_eq!(ListenerSettings::default().max_connections, 1024);
    assert_eq!(DatabaseSettings::default().readers, 4);
    assert_eq!(BackendSettings::default().authorization_header, "Authorization");
    assert_eq!(CallbackSettings::default().concurrency, 64);
    assert_eq!(VerificationSettings::default().deadline, Duration::from_secs(600));
    assert_eq!(PeersSettings::default().workers, 256);
    assert_eq!(KeysSettings::default().ttl, Duration::from_secs(1800));
    assert_eq!(HealthSettings::default().down_after, 3);
    assert_eq!(TelemetrySettings::default().log_format, "text");
    assert_eq!(IdempotencySettings::default().keep, Duration::from_secs(86_400));
}

#[test]
fn what_is_required_is_asked_for_at_once() {
    let mistakes = load(None, &[], true).unwrap_err();
    assert_eq!(
        keys(&mistakes),
        [
            "node.vasp_id",
            "directory.source",
            "directory.trust_root",
            "identity.key",
            "encryption.keys",
            "backend.account_url",
            "backend.verification_url",
            "backend.transaction_url",
            "backend.callback_url",
        ]
    );
    assert!(mistakes[0].to_string().contains("WAYBILL__NODE__VASP_ID"), "{}", mistakes[0]);
}

#[test]
fn every_mistake_of_every_source_is_listed() {
    let file = "
[ingress]
bind = \"everywhere\"
max_body_bytes = 0

[callback]
retry_first = \"2h\"

[weather]
on = true
";
    let env =
        [("WAYBILL__KEYS__TTL", "5m"), ("WAYBILL__LISTENER__BODY_TIMEOUT", "10"), ("VEGA_LOG_LEVEL", "loud")];
    let mistakes = over_file(file, &env).unwrap_err();
    assert_eq!(
        keys(&mistakes),
        [
            "weather",
            "ingress.bind",
            "ingress.max_body_bytes",
            "listener.body_timeout",
            "keys.ttl",
            "telemetry.log_level",
            "callback.retry_first",
        ]
    );
    assert!(mistakes[1].source.ends_with("waybill.toml line 3"), "{}", mistakes[1]);
    assert_eq!(mistakes[4].to_string(), "keys.ttl (WAYBILL__KEYS__TTL): must be at least 10m");
    assert_eq!(mistakes[5].source, "VEGA_LOG_LEVEL");
}

#[test]
fn environment_goes_before_alias_before_file_before_default() {
    let file = "[backend]\naccount_url = \"https://file.example/\"\n";
    let alias = ("VEGA_VERIFICATION_ACCOUNT_API_PATH", "https://alias.example/");
    let env = ("WAYBILL__BACKEND__ACCOUNT_URL", "https://env.example/");
    let account = |given: &[(&str, &str)]| {
        over_file(file, given).unwrap().settings.backend.account_url.map(String::from)
    };
    assert_eq!(account(&[]).as_deref(), Some("https://file.example/"));
    assert_eq!(account(&[alias]).as_deref(), Some("https://alias.example/"));
    assert_eq!(account(&[alias, env]).as_deref(), Some("https://env.example/"));
    assert_eq!(account(&[("WAYBILL__BACKEND__ACCOUNT_URL", "")]), None, "an empty variable unsets");
}

#[test]
fn unknown_settings_are_refused_with_the_nearest_name() {
    let mistakes = over_file("[ingress]\nbnid = 1\n", &[]).unwrap_err();
    assert_eq!(mistakes[0].problem, "unknown setting; did you mean `ingress.bind`?");
    let mistakes = with(&[("WAYBILL__INGRESS__BNID", "1")]).unwrap_err();
    assert_eq!(mistakes[0].problem, "unknown setting; did you mean `WAYBILL__INGRESS__BIND`?");
    let mistakes = with(&[("WAYBILL__ingress__bind", "127.0.0.1:1")]).unwrap_err();
    assert_eq!(mistakes[0].problem, "unknown setting; did you mean `WAYBILL__INGRESS__BIND`?");
    let mistakes = with(&[("WAYBILL__COMPLETELY__ELSEWHERE", "1")]).unwrap_err();
    assert_eq!(mistakes[0].problem, "unknown setting");
    assert_eq!(keys(&over_file("bind = 1\n", &[]).unwrap_err()), ["bind"]);
    assert_eq!(keys(&over_file("ingress = 1\n", &[]).unwrap_err()), ["ingress"]);
}

#[test]
fn aliases_translate_and_are_told() {
    let loaded = over_file(
        "[ingress]\nbind = \"10.0.0.7:1\"\n",
        &[
            ("VEGA_SERVER_PORT", "31117"),
            ("VEGA_PUBLIC_KEY_TTL", "1200000"),
            ("VEGA_LOG_LEVEL", "none"),
            ("VEGA_VERIFICATION_AUTHORIZATION_KEY", "X-Token"),
            ("VEGA_VERIFICATION_ADDRESSES_API_PATH", "https://old.example/"),
            ("VEGA_VERIFICATION_ACCOUNT_API_PATH", "https://new.example/"),
            ("VEGA_API_ENDPOINT", "https://central.example"),
            ("VEGA_DATABASE_POOL_MIN", "1"),
            ("VEGA_TYPO", "1"),
        ],
    )
    .unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.ingress.bind.to_string(), "10.0.0.7:31117");
    assert_eq!(settings.keys.ttl, Duration::from_secs(1200));
    assert_eq!(settings.telemetry.log_level, "off");
    assert_eq!(settings.backend.authorization_header, "X-Token");
    assert_eq!(settings.backend.account_url.as_ref().map(|url| url.as_str()), Some("https://new.example/"));
    let told: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"VEGA_SERVER_PORT sets ingress.bind".to_owned()), "{told:?}");
    assert!(
        told.iter().any(|line| line.starts_with("VEGA_VERIFICATION_ADDRESSES_API_PATH is set, but ")),
        "{told:?}"
    );
    let warned: Vec<String> =
        loaded.notes.iter().filter(|n| n.is_warning()).map(ToString::to_string).collect();
    assert_eq!(warned.len(), 3, "{warned:?}");
    assert!(warned[0].starts_with("VEGA_API_ENDPOINT has no effect"), "{warned:?}");
}

#[test]
fn an_alias_beneath_a_variable_is_told() {
    let loaded = with(&[("VEGA_SERVER_PORT", "1"), ("WAYBILL__INGRESS__BIND", "127.0.0.1:2")]).unwrap();
    assert_eq!(loaded.settings.ingress.bind.port(), 2);
    assert_eq!(
        loaded.notes[0].to_string(),
        "VEGA_SERVER_PORT is set, but WAYBILL__INGRESS__BIND goes before it"
    );
}

#[test]
fn the_replaced_encryption_key_becomes_a_named_key() {
    let mut env = REQUIRED.to_vec();
    env[4] = ("VEGA_ENCRYPTION_KEY_BASE64", SEED);
    let settings = load(None, &env, false).unwrap().settings;
    assert_eq!(settings.encryption.keys.unwrap().expose_secret(), format!("vega:{SEED}"));
}

#[test]
fn the_keyring_stands_in_one_place() {
    let mut env = REQUIRED.to_vec();
    env[4] = ("WAYBILL__ENCRYPTION__KEYRING_FILE", "/run/keyring");
    let settings = load(None, &env, false).unwrap().settings;
    assert!(settings.encryption.keys.is_none());
    env.push(("WAYBILL__ENCRYPTION__KEYS", "k1:AAAA"));
    let mistakes = load(None, &env, false).unwrap_err();
    assert_eq!(
        keys(&mistakes),
        ["encryption.keyring_file", "encryption.keys"],
        "two places, and no key in one"
    );
    assert!(!format!("{mistakes:?}").contains("AAAA"));
}

#[test]
fn keys_that_somebody_else_unwraps_are_not_looked_into() {
    let mut env = REQUIRED.to_vec();
    env[4] = ("VEGA_ENCRYPTION_KEY_BASE64", "arn:aws:kms:eu-west-1:1:key/2");
    assert_eq!(keys(&load(None, &env, false).unwrap_err()), ["encryption.keys"]);
    env.push(("VEGA_DECRYPT_API_ENDPOINT", "https://keys.example/decrypt"));
    let settings = load(None, &env, false).unwrap().settings;
    assert_eq!(settings.encryption.decrypt_url.unwrap().as_str(), "https://keys.example/decrypt");
}

#[test]
fn the_replaced_database_becomes_a_url() {
    let theirs = [
        ("VEGA_DATABASE_CLIENT", "pg"),
        ("VEGA_DATABASE_HOST", "db.example"),
        ("VEGA_DATABASE_PORT", "6432"),
        ("VEGA_DATABASE_USERNAME", "vega"),
        ("VEGA_DATABASE_PASSWORD", "hush"),
        ("VEGA_DATABASE_DB", "travel"),
        ("VEGA_DATABASE_SEARCH_PATH", "enclave"),
        ("VEGA_DATABASE_POOL_MAX", "5"),
        ("VEGA_DATABASE_SSL", "true"),
        ("VEGA_DATABASE_SSL_CA", "/etc/ca.pem"),
    ];
    let loaded = with(&theirs).unwrap();
    let database = &loaded.settings.database;
    let url = database.url.as_ref().unwrap().expose_secret();
    assert_eq!(url, "postgres://vega:hush@db.example:6432/travel");
    assert_eq!((database.connections, &*database.tls), (5, "full"));
    assert_eq!(database.schema.as_deref(), Some("enclave"));
    assert_eq!(database.tls_ca, Some(PathBuf::from("/etc/ca.pem")));
    let told: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"VEGA_DATABASE_CLIENT sets database.url".to_owned()), "{told:?}");
    assert!(loaded.notes.iter().all(|note| !note.is_warning()), "{told:?}");
    for shown in [loaded.show(), format!("{loaded:?}"), told.concat()] {
        assert!(!shown.contains("hush"), "{shown}");
    }

    let unchecked = [theirs.as_slice(), &[("VEGA_DATABASE_SSL_REJECT_UNAUTHORIZED", "false")]].concat();
    let mistakes = with(&unchecked).unwrap_err();
    assert_eq!(keys(&mistakes), ["database.tls_ca"], "a certificate that nothing is checked against");
    let ours = ("WAYBILL__DATABASE__URL", "mysql://me:hush@127.0.0.1/ours");
    let mistakes = with(&[theirs.as_slice(), &[ours]].concat()).unwrap_err();
    assert_eq!(keys(&mistakes), ["database.schema"], "MySQL has no schemas: {mistakes:?}");
    let stronger = with(&[ours, theirs[0], theirs[1]]).unwrap();
    assert_eq!(stronger.settings.database.url.unwrap().expose_secret(), ours.1);
    assert_eq!(
        stronger.notes[0].to_string(),
        "VEGA_DATABASE_CLIENT is set, but WAYBILL__DATABASE__URL goes before it"
    );
    for client in ["oracledb", "mssql"] {
        let mistakes = with(&[("VEGA_DATABASE_CLIENT", client), theirs[1], theirs[3]]).unwrap_err();
        assert!(mistakes[0].to_string().contains("not supported; use PostgreSQL"), "{}", mistakes[0]);
    }
}

#[test]
fn records_are_in_a_file_or_on_a_server() {
    let url = ("WAYBILL__DATABASE__URL", "mysql://me:hush@127.0.0.1/ours");
    assert_eq!(with(&[]).unwrap().settings.database.url.map(|_| ()), None);
    for (name, text, told) in [
        ("PATH", "./waybill.sqlite", "database.path"),
        ("SCHEMA", "enclave", "database.schema"),
        ("TLS", "hush", "database.tls"),
        ("CONNECTIONS", "0", "database.connections"),
        ("URL", "mysql://me:hush@127.0.0.1", "database.url"),
    ] {
        let mistakes = with(&[url, (&format!("WAYBILL__DATABASE__{name}"), text)]).unwrap_err();
        assert_eq!(keys(&mistakes), [told]);
        assert!(!mistakes[0].to_string().contains("hush"), "{}", mistakes[0]);
    }
    assert_eq!(keys(&with(&[("WAYBILL__DATABASE__TLS_CA", "ca.pem")]).unwrap_err()), ["database.tls_ca"]);
}

#[test]
fn secrets_come_from_files() {
    let folder = TempDir::new().unwrap();
    let token = written(&folder, "token", "top secret \r\n");
    let token = token.to_str().unwrap();
    let loaded = with(&[("WAYBILL__BACKEND__AUTHORIZATION_TOKEN_FILE", token)]).unwrap();
    let read = loaded.settings.backend.authorization_token.unwrap();
    assert_eq!(read.expose_secret(), "top secret ", "only the newline is cut");

    let loaded = over_file(&format!("[backend]\nauthorization_token_file = \"{token}\"\n"), &[]).unwrap();
    assert!(loaded.settings.backend.authorization_token.is_some());

    let files = &loaded.settings.secret_files;
    std::fs::write(token, "another\n").unwrap();
    let read_again =
        |setting| files.read(setting).map(|read| read.map(|text| text.expose_secret().to_owned()));
    assert_eq!(read_again("backend.authorization_token"), Some(Ok("another".to_owned())));
    assert_eq!(read_again("identity.key"), None, "given without a file");
    std::fs::write(token, "\n").unwrap();
    assert_eq!(read_again("backend.authorization_token"), Some(Err("must not be empty".to_owned())));
    let over = [("WAYBILL__BACKEND__AUTHORIZATION_TOKEN", "stronger")];
    let loaded = over_file(&format!("[backend]\nauthorization_token_file = \"{token}\"\n"), &over).unwrap();
    assert_eq!(
        loaded.settings.secret_files.of("backend.authorization_token"),
        None,
        "it is not where it came from"
    );

    let both = [
        ("WAYBILL__BACKEND__AUTHORIZATION_TOKEN_FILE", token),
        ("WAYBILL__BACKEND__AUTHORIZATION_TOKEN", "another"),
    ];
    assert_eq!(keys(&with(&both).unwrap_err()), ["backend.authorization_token"]);
    let missing = with(&[("WAYBILL__BACKEND__AUTHORIZATION_TOKEN_FILE", "/nowhere/token")]).unwrap_err();
    assert_eq!(missing[0].problem, "cannot read /nowhere/token: entity not found");
    let mut env = REQUIRED.to_vec();
    env[3] = ("WAYBILL__IDENTITY__KEY_FILE", "/nowhere/key");
    assert_eq!(keys(&load(None, &env, false).unwrap_err()), ["identity.key"], "told once");
    let public = with(&[("WAYBILL__BACKEND__ACCOUNT_URL_FILE", token)]).unwrap_err();
    assert!(public[0].problem.starts_with("unknown setting"), "only secrets have files: {}", public[0]);
}

#[test]
fn secrets_are_never_shown() {
    let env =
        [("WAYBILL__BACKEND__AUTHORIZATION_TOKEN", "hush-token"), ("WAYBILL__CALLBACK__SECRETS", WEBHOOKS)];
    let loaded = with(&env).unwrap();
    for shown in [loaded.show(), format!("{loaded:?}"), format!("{:#?}", loaded.settings)] {
        assert!(!["hush", SEED, "whsec_"].iter().any(|secret| shown.contains(secret)), "{shown}");
    }
    assert!(loaded.show().contains("secrets = [\"***\", \"***\"]"), "{}", loaded.show());

    let wrong = with(&[("WAYBILL__IDENTITY__KEY", "hush-but-not-a-key"), ("WAYBILL__INGRESS__BIND", "hush")]);
    let told: Vec<String> = wrong.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2);
    assert!(!told.concat().contains("hush"), "{told:?}");
    let broken = over_file("[identity]\nkey = \"hush\n", &[]).unwrap_err();
    assert!(!broken.is_empty() && !format!("{broken:?}").contains("hush"), "{broken:?}");
}

#[test]
fn what_is_shown_is_a_settings_file() {
    let loaded = with(&[("WAYBILL__DIRECTORY__ALLOW_PRIVATE", "10.0.0.0/8, vasp.internal")]).unwrap();
    let shown = loaded.show();
    assert!(
        shown.contains("allow_private = [\"10.0.0.0/8\", \"vasp.internal\"] # WAYBILL__DIRECTORY__"),
        "{shown}"
    );
    assert!(shown.contains("ttl = \"30m\" # default"), "{shown}");
    let again = over_file(&shown, &[]);
    assert_eq!(again.unwrap().settings.directory.allow_private, loaded.settings.directory.allow_private);
}

#[test]
fn a_file_may_spell_big_ids_as_numbers() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, "waybill.toml", "[node]\nvasp_id = 15952089931162059995\n");
    let settings = load(Some(file), &REQUIRED[1..], false).unwrap().settings;
    assert_eq!(settings.node.vasp_id.get(), 15_952_089_931_162_059_995);
}

#[test]
fn a_missing_or_broken_file_is_told_with_the_other_mistakes() {
    let env = [("WAYBILL__KEYS__TTL", "5m")];
    let mistakes =
        load(Some("/nowhere/waybill.toml".into()), &[&REQUIRED[..], &env].concat(), false).unwrap_err();
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(mistakes[0].to_string().starts_with("/nowhere/waybill.toml: cannot read"), "{}", mistakes[0]);
    let mistakes = over_file("[ingress]\nbind =\n", &env).unwrap_err();
    assert!(mistakes[0].to_string().contains("line 2: not valid TOML"), "{}", mistakes[0]);
    assert_eq!(mistakes.last().unwrap().key, "keys.ttl");
}

//! The variables of the replaced interface that describe a database: several of them make one setting.

use std::collections::BTreeMap;

use url::Url;

use super::mistake::{SettingsMistake, SettingsNote};
use super::reader::{AllGiven, Given, Text};

const CLIENT: &str = "VEGA_DATABASE_CLIENT";
const HOST: &str = "VEGA_DATABASE_HOST";
const PORT: &str = "VEGA_DATABASE_PORT";
const USERNAME: &str = "VEGA_DATABASE_USERNAME";
const PASSWORD: &str = "VEGA_DATABASE_PASSWORD";
const DATABASE: &str = "VEGA_DATABASE_DB";
const SSL: &str = "VEGA_DATABASE_SSL";
const REJECT_UNAUTHORIZED: &str = "VEGA_DATABASE_SSL_REJECT_UNAUTHORIZED";
const URL: &[&str] = &[CLIENT, HOST, PORT, USERNAME, PASSWORD, DATABASE];
const TLS: &[&str] = &[SSL, REJECT_UNAUTHORIZED];

/// Which variables make which setting.
pub(super) const COMPOSED: &[(&[&str], &str)] = &[(URL, "database.url"), (TLS, "database.tls")];

/// What became of them.
#[derive(Default)]
pub(super) struct Applied {
    /// Lines for the log.
    pub notes: Vec<SettingsNote>,
    /// What cannot be used.
    pub mistakes: Vec<SettingsMistake>,
}

/// Whether a variable is one of them.
pub(super) fn is_one(name: &str) -> bool {
    COMPOSED.iter().any(|(names, _)| names.contains(&name))
}

/// Lays what they say over what the file gave. A stronger source for the whole setting leaves them unread.
pub(super) fn apply(variables: &BTreeMap<String, String>, given: &mut AllGiven) -> Applied {
    let mut applied = Applied::default();
    for ((names, setting), compose) in COMPOSED.iter().copied().zip([url as Compose, tls]) {
        let Some(first) = names.iter().copied().find(|name| variables.contains_key(*name)) else { continue };
        if let Some(by) = stronger(variables, setting) {
            applied.notes.push(SettingsNote::AliasOverridden { alias: first, by });
            continue;
        }
        match compose(&Variables(variables)) {
            Ok(text) => {
                given.insert(setting.to_owned(), Given::new(Text::One(text), first));
                applied.notes.push(SettingsNote::AliasUsed { alias: first, setting });
            }
            Err((source, problem)) => {
                let (key, source) = (setting.to_owned(), source.to_owned());
                applied.mistakes.push(SettingsMistake { key, source, problem: problem.to_owned() });
            }
        }
    }
    applied
}

/// The variable of ours that sets the same.
fn stronger(variables: &BTreeMap<String, String>, setting: &str) -> Option<String> {
    let name = format!("WAYBILL__{}", setting.to_uppercase().replace('.', "__"));
    [format!("{name}_FILE"), name].into_iter().find(|name| variables.contains_key(name))
}

type Mistake = (&'static str, &'static str);
type Compose = fn(&Variables) -> Result<String, Mistake>;

struct Variables<'a>(&'a BTreeMap<String, String>);

impl Variables<'_> {
    /// Its text, unless it is empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn flag(&self, name: &'static str) -> Result<Option<bool>, Mistake> {
        match self.get(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err((name, "must be true or false")),
        }
    }
}

/// The defaults are those of the replaced interface.
fn url(variables: &Variables) -> Result<String, Mistake> {
    let (scheme, port) = match variables.get(CLIENT).unwrap_or("mysql2") {
        "mysql" | "mysql2" => ("mysql", "3306"),
        "pg" => ("postgres", "5432"),
        "oracledb" | "mssql" => {
            return Err((
                CLIENT,
                "Oracle and SQL Server are not supported; use PostgreSQL, MySQL or MariaDB",
            ));
        }
        _ => return Err((CLIENT, "must be pg, mysql or mysql2")),
    };
    let host = variables.get(HOST).ok_or((HOST, "is required beside the other variables of the database"))?;
    let user = variables
        .get(USERNAME)
        .ok_or((USERNAME, "is required beside the other variables of the database"))?;
    let bracketed =
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let port: u16 = variables.get(PORT).unwrap_or(port).parse().map_err(|_| (PORT, "must be a port"))?;
    let mut url = Url::parse(&format!("{scheme}://{bracketed}:{port}"))
        .ok()
        .filter(|url| {
            let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
            bare && matches!(url.path(), "" | "/")
        })
        .ok_or((HOST, "must be a host name or an address"))?;
    let unusable = |()| (USERNAME, "cannot stand in a URL");
    // Their text is no URL yet: a percent sign in it is a percent sign.
    let literally = |text: &str| text.replace('%', "%25");
    url.set_username(&literally(user)).map_err(unusable)?;
    url.set_password(variables.get(PASSWORD).map(literally).as_deref()).map_err(unusable)?;
    url.path_segments_mut().map_err(unusable)?.clear().push(variables.get(DATABASE).unwrap_or("verifyvasp"));
    Ok(url.into())
}

fn tls(variables: &Variables) -> Result<String, Mistake> {
    let checked = variables.flag(REJECT_UNAUTHORIZED)?.unwrap_or(true);
    let mode = match (variables.flag(SSL)?, checked) {
        (Some(true), true) => "full",
        (Some(true), false) => "encrypted",
        (Some(false), _) => "off",
        (None, _) => "auto",
    };
    Ok(mode.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(variables: &[(&str, &str)]) -> Result<String, Mistake> {
        let variables = variables.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        url(&Variables(&variables))
    }

    #[test]
    fn the_parts_make_a_url_whatever_they_hold() {
        let who = [(HOST, "db.example"), (USERNAME, "me"), (PASSWORD, "p@ss:/%40?#")];
        let made = composed(&who).unwrap();
        assert_eq!(made, "mysql://me:p%40ss%3A%2F%2540%3F%23@db.example:3306/verifyvasp");
        let more = [(CLIENT, "pg"), (PORT, "6432"), (DATABASE, "travel"), (HOST, "fd00::7"), (PASSWORD, "")];
        let made = composed(&[who.as_slice(), &more].concat()).unwrap();
        assert_eq!(made, "postgres://me@[fd00::7]:6432/travel");
    }

    #[test]
    fn what_cannot_be_used_is_said_by_name_and_not_repeated() {
        let who = [(HOST, "db.example"), (USERNAME, "me"), (PASSWORD, "hush")];
        for (name, text) in [
            (CLIENT, "oracledb"),
            (CLIENT, "mssql"),
            (CLIENT, "hush"),
            (PORT, "hush"),
            (HOST, "hush/hush"),
            (HOST, "you@hush"),
            (HOST, ""),
            (USERNAME, ""),
        ] {
            let (source, problem) = composed(&[who.as_slice(), &[(name, text)]].concat()).unwrap_err();
            assert_eq!(source, name, "{text}");
            assert!(!problem.contains("hush"), "{problem}");
        }
    }
}

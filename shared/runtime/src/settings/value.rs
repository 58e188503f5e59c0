//! The types a setting may have, and how each is read and shown.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;
use waybill_domain::VaspId;

use super::duration;

/// A type that can be a setting. Problems are the rest of a sentence and never repeat the value.
pub(super) trait SettingValue: Sized {
    /// What the reference calls it.
    const KIND: &'static str;
    /// Whether it is never shown.
    const SECRET: bool = false;
    /// Whether empty text, or no text at all, is a value.
    const OPTIONAL: bool = false;

    /// Reads it from the environment, a default, or a single value of the file.
    fn from_text(text: &str) -> Result<Self, String>;

    /// Reads it from an array of the file.
    fn from_list(_items: &[String]) -> Result<Self, String> {
        Err("takes one value, not a list".to_owned())
    }

    /// It as TOML, secrets masked; `None` when it is not set.
    fn literal(&self) -> Option<String>;
}

/// A value that stands alone: implements the trait from "how to read" and "how to show".
macro_rules! single {
    ($($kind:ty, $name:literal, $read:expr, $show:expr;)+) => {
        $(impl SettingValue for $kind {
            const KIND: &'static str = $name;

            fn from_text(text: &str) -> Result<Self, String> {
                let read: fn(&str) -> Option<Self> = $read;
                read(text).ok_or_else(|| concat!("must be ", $name).to_owned())
            }

            fn literal(&self) -> Option<String> {
                let show: fn(&Self) -> String = $show;
                Some(show(self))
            }
        })+
    };
}

single! {
    bool, "true or false", |text| text.parse().ok(), bool::to_string;
    u16, "a whole number", |text| text.parse().ok(), u16::to_string;
    u32, "a whole number", |text| text.parse().ok(), u32::to_string;
    u64, "a whole number", |text| text.parse().ok(), u64::to_string;
    usize, "a whole number", |text| text.parse().ok(), usize::to_string;
    String, "text", |text| (!text.is_empty()).then(|| text.to_owned()), |value| quoted(value);
    PathBuf, "a path", |text| (!text.is_empty()).then(|| text.into()), |path| quoted(&path.to_string_lossy());
    Duration, "a duration such as 500ms, 10s, 30m or 24h", duration::from_text,
        |value| quoted(&duration::to_text(*value));
    SocketAddr, "an address and port such as 127.0.0.1:21117", |text| text.parse().ok(),
        |address| quoted(&address.to_string());
    VaspId, "a VASP id: a decimal number below 2^64", |text| text.parse().ok(), |id| quoted(&id.to_string());
    Url, "an http or https URL without user name and password", web_url, |url| quoted(url.as_str());
}

impl SettingValue for SecretString {
    const KIND: &'static str = "secret text";
    const SECRET: bool = true;

    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(text.into()) }
    }

    fn literal(&self) -> Option<String> {
        Some(quoted("***"))
    }
}

impl<T: SettingValue> SettingValue for Option<T> {
    const KIND: &'static str = T::KIND;
    const SECRET: bool = T::SECRET;
    const OPTIONAL: bool = true;

    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::from_text(text).map(Some) }
    }

    fn from_list(items: &[String]) -> Result<Self, String> {
        T::from_list(items).map(Some)
    }

    fn literal(&self) -> Option<String> {
        self.as_ref()?.literal()
    }
}

/// What a list may hold.
pub(super) trait ListItem: SettingValue {
    /// What the reference calls a list of it.
    const LIST: &'static str;
}

impl ListItem for String {
    const LIST: &'static str = "a list of texts";
}

impl ListItem for SecretString {
    const LIST: &'static str = "a list of secret texts";
}

impl ListItem for Duration {
    const LIST: &'static str = "a list of durations";
}

impl<T: ListItem> SettingValue for Vec<T> {
    const KIND: &'static str = T::LIST;
    const SECRET: bool = T::SECRET;

    fn from_text(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(T::from_text).collect()
    }

    fn from_list(items: &[String]) -> Result<Self, String> {
        items.iter().map(|item| T::from_text(item)).collect()
    }

    fn literal(&self) -> Option<String> {
        let items: Vec<String> = self.iter().filter_map(T::literal).collect();
        Some(format!("[{}]", items.join(", ")))
    }
}

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Credentials in a URL would be shown and logged, so they are refused.
fn web_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let bare = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && bare).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_carry_no_credentials() {
        assert!(Url::from_text("https://backend.example:8443/verify?v=1").is_ok());
        for bad in
            ["", "backend.example", "ftp://backend.example/", "https://me:secret@backend.example/", "/path"]
        {
            assert!(Url::from_text(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lists_come_from_text_and_arrays() {
        let both = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(Vec::<String>::from_text("a, b,"), Ok(both.clone()));
        assert_eq!(Vec::<String>::from_list(&both), Ok(both.clone()));
        assert_eq!(both.literal().as_deref(), Some(r#"["a", "b"]"#));
        assert!(u16::from_list(&both).is_err());
    }

    #[test]
    fn empty_text_unsets_what_is_optional() {
        assert_eq!(Option::<PathBuf>::from_text(""), Ok(None));
        assert!(PathBuf::from_text("").is_err());
    }
}

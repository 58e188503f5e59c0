//! Who may be called: by kind of destination, checked before a connection and again for each resolved address.

use std::net::IpAddr;
use std::sync::Arc;

use url::{Host, Url};

use crate::address::AddressKind;
use crate::allow_list::AllowList;

/// Who named the destination, and so how far it is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EgressClass {
    /// Our own settings (backend, vendors): private and loopback addresses too.
    Operator,
    /// The member directory: public addresses, and those on the operator's list.
    Directory {
        /// The exceptions. Connections are pooled for each distinct list, so use one.
        allow: Arc<AllowList>,
    },
    /// Anyone else: public addresses only.
    Stranger,
}

/// Why a call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither `https` nor `http`.
    #[error("only https is called, and http on this machine")]
    Scheme,
    /// The URL carries a user name or password.
    #[error("the URL carries credentials")]
    Credentials,
    /// Plain http to another machine.
    #[error("plain http is for this machine only")]
    PlainHttp,
    /// An address that this class of destination must not have.
    #[error("the address is not allowed for this kind of destination")]
    Address,
}

/// The rule for one call. Calls under different rules never share a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Policy {
    class: EgressClass,
    plain_http: bool,
}

impl Policy {
    /// The rule for a URL, unless the URL alone breaks it. Names are judged later, when they are resolved.
    pub(crate) fn of(class: &EgressClass, url: &Url) -> Result<Self, Refusal> {
        let plain_http = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(Refusal::Scheme),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let policy = Self { class: class.clone(), plain_http };
        // A resolver is never asked about a literal address, so it is judged here.
        match url.host() {
            Some(Host::Ipv4(address)) => policy.judge(&address.to_string(), address.into())?,
            Some(Host::Ipv6(address)) => policy.judge(&address.to_string(), address.into())?,
            Some(Host::Domain(_)) => {}
            None => return Err(Refusal::Scheme),
        }
        Ok(policy)
    }

    /// Says whether a connection to `address`, found for `host`, may be made.
    pub(crate) fn judge(&self, host: &str, address: IpAddr) -> Result<(), Refusal> {
        let kind = AddressKind::of(address);
        let allowed = match (&self.class, kind) {
            (_, AddressKind::Forbidden) => false,
            (EgressClass::Operator, _) | (_, AddressKind::Public) => true,
            (EgressClass::Directory { allow }, _) => allow.contains(host, address),
            (EgressClass::Stranger, _) => false,
        };
        if !allowed {
            Err(Refusal::Address)
        } else if self.plain_http && kind != AddressKind::Loopback {
            Err(Refusal::PlainHttp)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(entries: &[&str]) -> EgressClass {
        EgressClass::Directory { allow: Arc::new(AllowList::parse(entries).unwrap()) }
    }

    fn check(class: &EgressClass, url: &str) -> Result<(), Refusal> {
        Policy::of(class, &Url::parse(url).unwrap()).map(|_| ())
    }

    #[test]
    fn table_of_literal_addresses() {
        use Refusal::{Address, PlainHttp};
        let open = directory(&["127.0.0.0/8", "::1", "10.0.0.0/8", "169.254.0.0/16"]);
        let closed = directory(&[]);
        for (url, operator, listed, unlisted, stranger) in [
            ("https://1.1.1.1/", Ok(()), Ok(()), Ok(()), Ok(())),
            ("https://[2606:4700::1111]/", Ok(()), Ok(()), Ok(()), Ok(())),
            ("https://10.0.0.1/", Ok(()), Ok(()), Err(Address), Err(Address)),
            ("https://[::ffff:10.0.0.1]/", Ok(()), Ok(()), Err(Address), Err(Address)),
            ("https://127.0.0.1/", Ok(()), Ok(()), Err(Address), Err(Address)),
            ("http://127.0.0.1:1/", Ok(()), Ok(()), Err(Address), Err(Address)),
            ("http://[::1]:1/", Ok(()), Ok(()), Err(Address), Err(Address)),
            ("http://1.1.1.1/", Err(PlainHttp), Err(PlainHttp), Err(PlainHttp), Err(PlainHttp)),
            ("http://10.0.0.1/", Err(PlainHttp), Err(PlainHttp), Err(Address), Err(Address)),
            ("https://169.254.169.254/", Err(Address), Err(Address), Err(Address), Err(Address)),
            ("https://0.0.0.0/", Err(Address), Err(Address), Err(Address), Err(Address)),
        ] {
            assert_eq!(check(&EgressClass::Operator, url), operator, "operator {url}");
            assert_eq!(check(&open, url), listed, "listed {url}");
            assert_eq!(check(&closed, url), unlisted, "unlisted {url}");
            assert_eq!(check(&EgressClass::Stranger, url), stranger, "stranger {url}");
        }
    }

    #[test]
    fn other_spellings_of_loopback_do_not_pass() {
        for host in [
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.0.0.1.",
            "127。0。0。1",
            "[::ffff:7f00:1]",
        ] {
            let url = format!("https://{host}/");
            assert_eq!(check(&EgressClass::Stranger, &url), Err(Refusal::Address), "{url}");
        }
    }

    #[test]
    fn urls_are_https_without_credentials() {
        for (url, refusal) in [
            ("ftp://1.1.1.1/", Refusal::Scheme),
            ("file:///etc/passwd", Refusal::Scheme),
            ("mailto:a@b.example", Refusal::Scheme),
            ("https://user@1.1.1.1/", Refusal::Credentials),
            ("https://:secret@1.1.1.1/", Refusal::Credentials),
        ] {
            assert_eq!(check(&EgressClass::Operator, url), Err(refusal), "{url}");
        }
    }
}

//! All blockchains that are known here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use crate::file::{self, File};
use crate::{Network, NetworksError, spelling};

const EMBEDDED: &str = include_str!("../networks.toml");

/// All networks, found by any spelling of their names.
#[derive(Debug, Clone)]
pub struct Networks {
    all: Vec<Network>,
    by_key: HashMap<String, usize>,
    ticker_changes: HashMap<String, String>,
}

/// Where an asset lives, when nobody says.
#[derive(Debug, Clone)]
pub enum DefaultNetwork<'a> {
    /// Only there, or mostly there.
    One(&'a Network),
    /// On these, in the order of the data: somebody has to say which.
    Several(Vec<&'a Network>),
    /// It is in no entry.
    Unknown,
}

impl Networks {
    /// The networks that come with the program, with what the operator's file adds and replaces.
    ///
    /// # Errors
    /// [`NetworksError`], with the line.
    pub fn with_file(path: &Path) -> Result<Self, NetworksError> {
        let name = path.display().to_string();
        let content = std::fs::read_to_string(path)
            .map_err(|why| NetworksError::Unreadable { file: name.clone(), why })?;
        Self::with(&name, &content)
    }

    /// As [`Networks::with_file`], with its content.
    pub(crate) fn with(name: &str, content: &str) -> Result<Self, NetworksError> {
        let theirs = file::read(name, content)?;
        if theirs.replace {
            return Self::of(vec![theirs]);
        }
        Self::of(vec![embedded()?, theirs])
    }

    /// Later files go before earlier ones.
    fn of(files: Vec<File>) -> Result<Self, NetworksError> {
        let mut all: Vec<Placed> = Vec::new();
        let mut ticker_changes = HashMap::new();
        for (of_file, File { name: file, networks, ticker_changes: changes, .. }) in
            files.into_iter().enumerate()
        {
            for (line, network) in networks {
                let placed = Placed { network, of_file, file: file.clone(), line };
                let key = spelling::key(&placed.network.name);
                match all.iter_mut().find(|known| known.of_file < of_file && known.is(&key)) {
                    Some(replaced) => *replaced = placed,
                    None => all.push(placed),
                }
            }
            ticker_changes.extend(changes);
        }
        let by_key = index(&all)?;
        Ok(Self { all: all.into_iter().map(|placed| placed.network).collect(), by_key, ticker_changes })
    }

    /// All of them, in the order of the data.
    pub fn all(&self) -> &[Network] {
        &self.all
    }

    /// The network of this name, however it is spelled; none when it is not known.
    pub fn find(&self, name: &str) -> Option<&Network> {
        self.by_key.get(&spelling::key(name)).map(|at| &self.all[*at])
    }

    /// The name that Chainalysis takes for a network; one that is not known is passed on as it is.
    pub fn chainalysis_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.find(name).map_or(name, Network::chainalysis)
    }

    /// The ticker under which vendors know an asset: in upper case, renamed ones by their new name.
    pub fn ticker<'a>(&'a self, asset: &str) -> Cow<'a, str> {
        let ticker = spelling::ticker(asset);
        match self.ticker_changes.get(&ticker) {
            Some(new) => Cow::Borrowed(new),
            None => Cow::Owned(ticker),
        }
    }

    /// Where an asset lives when no network is named.
    pub fn default_for(&self, asset: &str) -> DefaultNetwork<'_> {
        let ticker = self.ticker(asset);
        if let Some(home) = self.all.iter().find(|network| network.home_of.iter().any(|own| *own == ticker)) {
            return DefaultNetwork::One(home);
        }
        let mut found: Vec<_> = self.all.iter().filter(|network| network.carries(&ticker)).collect();
        match found.len() {
            0 => DefaultNetwork::Unknown,
            1 => DefaultNetwork::One(found.remove(0)),
            _ => DefaultNetwork::Several(found),
        }
    }

    /// What may stand before an address, with a colon.
    pub(crate) fn is_prefix(&self, text: &str) -> bool {
        self.all.iter().any(|network| network.prefix.as_deref() == Some(text))
    }
}

impl Default for Networks {
    /// The networks that come with the program.
    fn default() -> Self {
        // Cannot fail: the file is part of the program, and every test here reads it.
        embedded().and_then(|file| Self::of(vec![file])).expect("networks.toml is good")
    }
}

fn embedded() -> Result<File, NetworksError> {
    file::read("networks.toml", EMBEDDED)
}

/// A network, and where it is written.
struct Placed {
    network: Network,
    of_file: usize,
    file: String,
    line: usize,
}

impl Placed {
    fn is(&self, key: &str) -> bool {
        spelling::key(&self.network.name) == key
    }

    /// Every spelling, each once.
    fn keys(&self) -> Vec<String> {
        let Network { name, chainalysis, aliases, .. } = &self.network;
        let mut keys: Vec<_> =
            [name, chainalysis].into_iter().chain(aliases).map(|name| spelling::key(name)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

fn index(all: &[Placed]) -> Result<HashMap<String, usize>, NetworksError> {
    let mut by_key = HashMap::new();
    for (at, placed) in all.iter().enumerate() {
        for key in placed.keys() {
            let Some(other) = by_key.insert(key.clone(), at) else { continue };
            // The operator's line, where one of the two comes with the program.
            let (wrong, right): (&Placed, &Placed) = if placed.of_file >= all[other].of_file {
                (placed, &all[other])
            } else {
                (&all[other], placed)
            };
            let (name, other) = (&wrong.network.name, &right.network.name);
            let why = format!("{key} is a name of {name} and of {other}");
            return Err(NetworksError::Wrong { file: wrong.file.clone(), line: wrong.line, why });
        }
    }
    Ok(by_key)
}

#[cfg(test)]
mod tests;

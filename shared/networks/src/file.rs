//! Reads a file of networks. What is wrong is said with its line.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::network::{Format, Model, Network};
use crate::{NetworksError, spelling};

/// What a file says, each entry with its line.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) replace: bool,
    pub(crate) networks: Vec<(usize, Network)>,
    pub(crate) ticker_changes: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    replace: bool,
    #[serde(default)]
    network: Vec<Entry>,
    #[serde(default)]
    ticker_change: Vec<TickerChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    chainalysis: Option<Spanned<String>>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    model: Model,
    native: Spanned<String>,
    #[serde(default)]
    assets: Vec<Spanned<String>>,
    #[serde(default)]
    home_of: Vec<Spanned<String>>,
    prefix: Option<String>,
    address: Option<Spanned<String>>,
    hash: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TickerChange {
    old: Spanned<String>,
    new: Spanned<String>,
}

/// Where and what.
struct Mistake {
    at: usize,
    why: String,
}

/// Reads `content`; `name` is said in errors.
pub(crate) fn read(name: &str, content: &str) -> Result<File, NetworksError> {
    parse(name, content).map_err(|Mistake { at, why }| NetworksError::Wrong {
        file: name.to_owned(),
        line: line_of(content, at),
        why,
    })
}

fn parse(name: &str, content: &str) -> Result<File, Mistake> {
    let read: Content = toml::from_str(content).map_err(|error| Mistake {
        at: error.span().map_or(0, |span| span.start),
        why: error.message().to_owned(),
    })?;
    let mut networks = Vec::with_capacity(read.network.len());
    for entry in read.network {
        let line = line_of(content, entry.name.span().start);
        networks.push((line, network(entry)?));
    }
    let changes =
        read.ticker_change.into_iter().map(|TickerChange { old, new }| Ok((ticker(old)?, ticker(new)?)));
    Ok(File {
        name: name.to_owned(),
        replace: read.replace,
        networks,
        ticker_changes: changes.collect::<Result<_, _>>()?,
    })
}

fn network(entry: Entry) -> Result<Network, Mistake> {
    let name = named(entry.name)?;
    let chainalysis = entry.chainalysis.map(named).transpose()?.unwrap_or_else(|| name.clone());
    Ok(Network {
        chainalysis,
        aliases: entry.aliases.into_iter().map(named).collect::<Result<_, _>>()?,
        model: entry.model,
        native: ticker(entry.native)?,
        assets: tickers(entry.assets)?,
        home_of: tickers(entry.home_of)?,
        prefix: entry.prefix,
        address: entry.address.map(format).transpose()?,
        hash: entry.hash.map(format).transpose()?,
        name,
    })
}

/// A name has something that tells it from others.
fn named(text: Spanned<String>) -> Result<String, Mistake> {
    let Range { start: at, .. } = text.span();
    let text = text.into_inner();
    match spelling::key(&text).is_empty() || text.chars().any(char::is_control) {
        true => Err(Mistake { at, why: format!("{text:?} is no name") }),
        false => Ok(text),
    }
}

fn ticker(text: Spanned<String>) -> Result<String, Mistake> {
    let at = text.span().start;
    let ticker = spelling::ticker(text.get_ref());
    match waybill_domain::limits::fits(&ticker, waybill_domain::limits::SYMBOL) {
        true => Ok(ticker),
        false => Err(Mistake { at, why: format!("{:?} is no ticker: 1 to 16 characters", text.get_ref()) }),
    }
}

fn tickers(texts: Vec<Spanned<String>>) -> Result<Vec<String>, Mistake> {
    texts.into_iter().map(ticker).collect()
}

fn format(text: Spanned<String>) -> Result<Format, Mistake> {
    Format::new(text.get_ref()).map_err(|error| {
        let error = error.to_string();
        // The last line says what is wrong; those before it draw the place.
        let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Mistake { at: text.span().start, why: format!("not a regular expression: {why}") }
    })
}

fn line_of(content: &str, at: usize) -> usize {
    content.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

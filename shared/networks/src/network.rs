//! One blockchain.

use regex::Regex;
use waybill_domain::text_enum;

use crate::spelling;

text_enum! {
    /// How a blockchain keeps who owns what.
    pub enum Model {
        /// Outputs of transactions, each with a number.
        Utxo = "UTXO",
        /// Balances of accounts.
        Account = "ACCOUNT",
    }
}

/// A blockchain that is known here.
#[derive(Debug, Clone)]
pub struct Network {
    pub(crate) name: String,
    pub(crate) chainalysis: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) model: Model,
    pub(crate) native: String,
    pub(crate) assets: Vec<String>,
    pub(crate) home_of: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) address: Option<Format>,
    pub(crate) hash: Option<Format>,
}

/// The form of a text.
#[derive(Debug, Clone)]
pub(crate) struct Format(Regex);

impl Format {
    /// `pattern` is for the whole text.
    pub(crate) fn new(pattern: &str) -> Result<Self, regex::Error> {
        Regex::new(&format!("^(?:{pattern})$")).map(Self)
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Network {
    /// Its name in answers and examples, such as `Binance Smart Chain`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name that Chainalysis takes, such as `Binance_Smart_Chain`. It answers in upper case.
    pub fn chainalysis(&self) -> &str {
        &self.chainalysis
    }

    /// Other spellings that are understood. Case, spaces, `-` and `_` make no difference in any.
    pub fn aliases(&self) -> &[String] {
        &self.aliases
    }

    /// Outputs or accounts.
    pub fn model(&self) -> Model {
        self.model
    }

    /// Ticker of the coin that pays its fees.
    pub fn native(&self) -> &str {
        &self.native
    }

    /// Tickers of tokens that are known to live there; there may be others.
    pub fn assets(&self) -> &[String] {
        &self.assets
    }

    /// Form of an address: an anchored regular expression, for the address without a tag.
    pub fn address_pattern(&self) -> Option<&str> {
        self.address.as_ref().map(Format::as_str)
    }

    /// Form of a transaction's hash: an anchored regular expression.
    pub fn hash_pattern(&self) -> Option<&str> {
        self.hash.as_ref().map(Format::as_str)
    }

    /// Whether `text` has the form of an address; none when the form is not known.
    pub fn is_address(&self, text: &str) -> Option<bool> {
        let format = self.address.as_ref()?;
        let prefix = self.prefix.as_ref().and_then(|prefix| text.strip_prefix(&**prefix)?.strip_prefix(':'));
        Some(format.fits(text) || prefix.is_some_and(|bare| format.fits(bare)))
    }

    /// Whether `text` has the form of a transaction's hash; none when the form is not known.
    pub fn is_hash(&self, text: &str) -> Option<bool> {
        self.hash.as_ref().map(|format| format.fits(text))
    }

    /// Whether the asset is known to live there.
    pub fn carries(&self, ticker: &str) -> bool {
        let wanted = spelling::ticker(ticker);
        std::iter::once(&self.native).chain(&self.assets).any(|asset| *asset == wanted)
    }
}

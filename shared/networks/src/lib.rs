//! Blockchains and the assets on them: names, models and formats. They are data, `networks.toml`, and an operator adds to
//! them with a file. What is not in the data is not refused: it is passed on as it was written.
#![deny(missing_docs)]

mod account;
mod error;
mod file;
mod network;
mod networks;
mod reference;
mod spelling;

pub use error::NetworksError;
pub use network::{Model, Network};
pub use networks::{DefaultNetwork, Networks};

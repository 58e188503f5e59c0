//! The arguments of `waybill demo`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Walk through without waiting for a key; so it does when input or output is not a terminal
    #[arg(long, short)]
    pub yes: bool,
    /// Move all ports. The default is not that of `waybill dev`, so both run side by side
    #[arg(long, value_name = "N", default_value_t = 22_000, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub port_base: u16,
    /// Keep all state in this folder, as `waybill dev --folder` reads it; otherwise nothing is left behind
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

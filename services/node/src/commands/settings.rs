//! Loading the settings for a command, with every mistake listed.

use std::fmt::Write as _;

use anyhow::bail;
use waybill_runtime::settings::{LoadFrom, Loaded, Settings, SettingsMistake, process_environment};
use waybill_store::Store;

use crate::cli::SettingsSource;
use crate::node::database;

/// The settings of a command; `for_run` when a node is to run with them.
pub fn load(source: &SettingsSource, for_run: bool) -> anyhow::Result<Loaded> {
    let from = LoadFrom { file: source.config.clone(), env: process_environment(), for_run };
    match Settings::load(from) {
        Ok(loaded) => Ok(loaded),
        Err(mistakes) => bail!("{}", listing(&mistakes)),
    }
}

/// The database of a node, for commands that look into it. The node may be running, or may never have run: an API key
/// can be made first.
pub async fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    Ok(Store::open(&database::options_of_command(settings)).await?)
}

fn listing(mistakes: &[SettingsMistake]) -> String {
    let mut text = match mistakes.len() {
        1 => "the settings hold a mistake:".to_owned(),
        count => format!("the settings hold {count} mistakes:"),
    };
    for mistake in mistakes {
        // Cannot fail: writing to a string.
        let _ = write!(text, "\n  {mistake}");
    }
    text
}

//! `waybill config check | show`.

use super::load;
use crate::cli::{ConfigAction, SettingsSource};

pub fn run(action: ConfigAction, source: SettingsSource) -> anyhow::Result<()> {
    let loaded = load(&source, true)?;
    match action {
        ConfigAction::Check => {
            for note in &loaded.notes {
                println!("note: {note}");
            }
            println!("The settings are good.");
        }
        ConfigAction::Show => print!("{}", loaded.show()),
    }
    Ok(())
}

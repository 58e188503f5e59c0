//! A node's keyring as an operator works with it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use waybill_testkit::{built_program, eventually};

use crate::SOON;
use crate::pair::Pair;

/// The keyring's file of one node, and `waybill keys` on that node's settings.
#[derive(Debug, Clone)]
pub struct KeyringFile {
    pub path: PathBuf,
    config: PathBuf,
}

impl Pair {
    /// Moves the keys of a node that is down from its settings into a file of their own.
    pub fn keyring_file(&self, vasp: &str) -> KeyringFile {
        let config = self.state().join(vasp).join("waybill.toml");
        let path = self.state().join(vasp).join("keyring");
        let settings = std::fs::read_to_string(&config).expect("waybill dev wrote settings");
        let line = settings.lines().find(|line| line.starts_with("keys = ")).expect("settings hold the keys");
        let keys = line.trim_start_matches("keys = ").trim_matches('"').to_owned();
        self.edit_settings(vasp, line, &format!("keyring_file = \"{}\"", path.display()));
        let file = KeyringFile { path, config };
        file.write(&format!("{keys}\n"));
        file
    }
}

impl KeyringFile {
    /// A file of its own for another node, which has the settings of this one so far; with the same keys.
    pub fn for_another(&self, pair: &Pair, vasp: &str) -> Self {
        let folder = pair.state().join(vasp);
        let other = Self { path: folder.join("keyring"), config: folder.join("waybill.toml") };
        pair.edit_settings(vasp, &self.path.display().to_string(), &other.path.display().to_string());
        other.write(&self.text());
        other
    }

    /// Replaces the text of the file as an operator's tool would: whole, and for its owner only.
    pub fn write(&self, text: &str) {
        let half = self.path.with_extension("half");
        std::fs::write(&half, text).expect("the keyring can be written");
        std::fs::set_permissions(&half, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
        std::fs::rename(half, &self.path).expect("the keyring can be replaced");
    }

    pub fn text(&self) -> String {
        std::fs::read_to_string(&self.path).expect("the keyring can be read")
    }

    /// Runs `waybill keys …`, whatever comes of it.
    pub fn try_keys(&self, arguments: &[&str], env: &[(&str, &str)]) -> Output {
        let mut command = Command::new(built_program("waybill"));
        command.arg("keys").args(arguments).arg("--config").arg(&self.config).env_clear();
        command.envs(env.iter().copied()).current_dir(self.folder());
        command.output().expect("the program runs")
    }

    /// Runs `waybill keys …`, which must succeed; gives what it prints.
    pub fn keys(&self, arguments: &[&str]) -> String {
        let output = self.try_keys(arguments, &[]);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// `waybill keys list --json`.
    pub fn list(&self) -> Value {
        serde_json::from_str(&self.keys(&["list", "--json"])).expect("the list is JSON")
    }

    /// How many stored values a key has sealed.
    pub fn values(&self, name: &str) -> u64 {
        let list = self.list();
        let key = list["keys"].as_array().into_iter().flatten().find(|key| key["name"] == name);
        key.and_then(|key| key["values"].as_u64()).expect("the key is listed")
    }

    /// Waits until everything was sealed again with a key.
    pub async fn until_resealed(&self, name: &str) {
        eventually(&format!("all is sealed with {name}"), 2 * SOON, async || {
            let resealing = self.list()["resealing"].take();
            (resealing["key"] == name && resealing["finishedAt"].is_string()).then_some(())
        })
        .await;
    }

    fn folder(&self) -> &Path {
        self.path.parent().expect("a file has a folder")
    }
}

//! The folder in which `waybill dev` keeps its state.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use waybill_directory::sign;
use waybill_domain::Clock as _;
use waybill_runtime::SystemClock;
use waybill_runtime::settings::{LoadFrom, Settings, process_environment};

use super::ports::Ports;
use super::secrets::{Secrets, VendorSecrets, signing_key, write_private};
use super::vasp::{self, Profile};
use crate::node::{Lock, make_private};

/// Folders that `--fresh` removes; nothing else in the state folder is touched.
const PARTS: [&str; 4] = ["ours", "robot", "sandbox", "operator"];
const DIRECTORY_LIFE: TimeDelta = TimeDelta::days(90);

/// Everything that was read or made before anything runs.
pub struct State {
    pub folder: PathBuf,
    pub ours: Vasp,
    pub robot: Vasp,
    pub vendors: VendorSecrets,
    _lock: Lock,
}

/// One of the two VASPs.
pub struct Vasp {
    pub profile: &'static Profile,
    pub secrets: Secrets,
    pub settings: Settings,
}

impl State {
    /// Reads or makes keys, signs a directory with today's ports, and writes a settings file for each node, with which
    /// `waybill run --config` works too.
    pub fn prepare(folder: &Path, fresh: bool, ports: Ports) -> anyhow::Result<Self> {
        // Absolute, so that the settings files can be used from anywhere.
        let folder = &std::path::absolute(folder).context("the state folder has no path")?;
        let lock = Lock::folder(folder)?;
        if fresh {
            remove_parts(folder)?;
        }
        for part in PARTS {
            make_private(&folder.join(part))?;
        }
        let (ours, robot) = (&vasp::OURS, &vasp::ROBOT);
        let our_secrets = Secrets::load_or_make(&folder.join("ours/secrets.json"))?;
        let robot_secrets = Secrets::load_or_make(&folder.join("robot/secrets.json"))?;

        let vendors = VendorSecrets::load_or_make(&folder.join("sandbox/vendors.json"))?;

        let operator = signing_key(&folder.join("operator/signing.key"))?;
        let now: DateTime<Utc> = SystemClock.now();
        let members = [
            ours.member(&our_secrets, ports.our_endpoint(), now),
            robot.member(&robot_secrets, ports.robot_endpoint(), now),
        ];
        let document = vasp::directory_document(members, now, now + DIRECTORY_LIFE)?;
        let directory = folder.join("operator/directory.json");
        write_private(&directory, sign(&document, &operator)?.as_bytes())?;

        let trust_root = operator.verifying_key().to_string();
        let place = |vasp: &'static Profile| vasp::Place {
            folder: folder.join(vasp.folder),
            directory: directory.clone(),
            trust_root: trust_root.clone(),
            ingress: if vasp.is_ours() { ports.our_ingress() } else { ports.robot_ingress() },
            listener: if vasp.is_ours() { ports.our_listener() } else { ports.robot_listener() },
            endpoint: if vasp.is_ours() { ports.our_endpoint() } else { ports.robot_endpoint() },
            sandbox: ports.sandbox(),
        };
        let settings = |vasp: &'static Profile, secrets: &Secrets| -> anyhow::Result<Settings> {
            let file = folder.join(vasp.folder).join("waybill.toml");
            write_private(&file, vasp.settings_file(secrets, &vendors, &place(vasp)).as_bytes())?;
            load(file)
        };
        Ok(Self {
            ours: Vasp { profile: ours, settings: settings(ours, &our_secrets)?, secrets: our_secrets },
            robot: Vasp {
                profile: robot,
                settings: settings(robot, &robot_secrets)?,
                secrets: robot_secrets,
            },
            vendors,
            folder: folder.to_owned(),
            _lock: lock,
        })
    }
}

fn remove_parts(folder: &Path) -> anyhow::Result<()> {
    for part in PARTS {
        let path = folder.join(part);
        if path.exists() {
            std::fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Only the logging may be changed from the environment: the rest would hit both nodes alike.
fn load(file: PathBuf) -> anyhow::Result<Settings> {
    let logging = process_environment().filter(|(name, _)| name.starts_with("WAYBILL__TELEMETRY__"));
    let from = LoadFrom { file: Some(file), env: logging, for_run: true };
    match Settings::load(from) {
        Ok(loaded) => Ok(loaded.settings),
        Err(mistakes) => {
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            bail!("the settings of the sandbox are wrong:\n  {}", lines.join("\n  "))
        }
    }
}

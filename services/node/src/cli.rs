//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::dead::DeadAction;
use crate::commands::doctor::DoctorOptions;
use crate::commands::ivms101::Ivms101Action;
use crate::commands::keys::KeysAction;
use crate::demo::DemoOptions;

/// An open Travel Rule node.
#[derive(Debug, Parser)]
#[command(name = "waybill", version, arg_required_else_help = false)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run two complete VASPs on loopback, with customers, to try things out (the default)
    Dev(DevOptions),
    /// Walk a whole withdrawal step by step, and see what happens where
    Demo(DemoOptions),
    /// Run one node, all its services in one process
    Run(SettingsSource),
    /// Run the private API alone; the other services run beside it, over RabbitMQ
    Ingress(SettingsSource),
    /// Run the public listener, and everything that goes to other VASPs, alone
    Counterparty(SettingsSource),
    /// Run the risk assessment by Chainalysis alone: sanctions lists and KYT
    Chainalysis(SettingsSource),
    /// Run the risk assessment by World-Check One alone
    Refinitiv(SettingsSource),
    /// Run the delivery of callbacks alone
    Callback(SettingsSource),
    /// Run what looks after the other services alone: commands that are due, dead letters, deletion by age
    Relay(SettingsSource),
    /// Bring the schema of a database on a server up to date, before `run`; safe when several do it at once
    Migrate(SettingsSource),
    /// Look at the settings without running anything
    Config {
        #[command(subcommand)]
        action: ConfigAction,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Look at everything the node depends on, and say how to mend what is wrong
    Doctor(DoctorOptions),
    /// Work with the signed list of members
    Directory {
        #[command(subcommand)]
        action: DirectoryAction,
    },
    /// Keys for programs that call the private API
    ApiKeys {
        #[command(subcommand)]
        action: ApiKeysAction,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Keys that seal personal data and private keys at rest: list, add, rotate, retire; without any of these, run the
    /// exchange of keys alone
    Keys {
        #[command(subcommand)]
        action: Option<KeysAction>,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Callbacks to the backend: what is waiting, what failed
    Callbacks {
        #[command(subcommand)]
        action: CallbacksAction,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Commands that were given up, callbacks and reports among them: look, hand out again, put away
    Dead {
        #[command(subcommand)]
        action: DeadAction,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Documents about persons: read any dialect of IVMS101
    Ivms101 {
        #[command(subcommand)]
        action: Ivms101Action,
    },
    /// Delete verifications by age: what would go, and doing it now
    Retention {
        #[command(subcommand)]
        action: crate::commands::retention::RetentionAction,
        #[command(flatten)]
        source: SettingsSource,
    },
    /// Print the description of the private API (OpenAPI 3.1), to make a client from
    Openapi,
    /// Make a key or secret for the settings
    Generate {
        /// What to make
        what: Generated,
    },
}

impl Default for Command {
    fn default() -> Self {
        Self::Dev(DevOptions::default())
    }
}

#[derive(Debug, Args)]
pub struct DevOptions {
    /// Forget everything from earlier runs first
    #[arg(long)]
    pub fresh: bool,
    /// Move all ports: the private API listens on N+117, the others beside it
    #[arg(long, value_name = "N", default_value_t = DevOptions::PORT_BASE, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub port_base: u16,
    /// Folder of all state
    #[arg(long, value_name = "DIR", default_value = DevOptions::FOLDER)]
    pub folder: PathBuf,
}

impl DevOptions {
    const PORT_BASE: u16 = 21_000;
    const FOLDER: &'static str = ".waybill";
}

impl Default for DevOptions {
    fn default() -> Self {
        Self { fresh: false, port_base: Self::PORT_BASE, folder: PathBuf::from(Self::FOLDER) }
    }
}

#[derive(Debug, Clone, Args)]
pub struct SettingsSource {
    /// Settings file (TOML); environment variables (`WAYBILL__SECTION__KEY`) win over it
    #[arg(long, value_name = "FILE", env = "WAYBILL_CONFIG", hide_env_values = true, global = true)]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Say everything that is wrong with the settings
    Check,
    /// Print the effective settings, secrets masked
    Show,
}

#[derive(Debug, Subcommand)]
pub enum DirectoryAction {
    /// Sign a list of members
    Sign {
        /// The list, JSON
        #[arg(long, value_name = "FILE")]
        members: PathBuf,
        /// File with the operator's signing key (from `waybill generate directory-key`)
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
        /// Where to put the signed document
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check a signed document
    Verify {
        /// The signed document
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Public key of the operator
        #[arg(long, value_name = "KEY")]
        trust_root: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum ApiKeysAction {
    /// Make a key; it is shown once
    Create {
        /// What people call it
        #[arg(long)]
        name: String,
        /// What it may do, comma-separated; everything when left out
        #[arg(long, value_delimiter = ',')]
        scopes: Vec<String>,
    },
    /// List the keys
    List,
    /// Stop a key from working
    Revoke {
        /// Its id, as listed
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum CallbacksAction {
    /// List callbacks, newest first
    List {
        /// Only those of one verification
        #[arg(long, value_name = "UUID")]
        verification: Option<String>,
        /// Only those that were given up
        #[arg(long)]
        dead: bool,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Deliver callbacks again, whether they arrived or not
    Replay {
        /// Ids of callbacks, as listed, or uuids of verifications
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Generated {
    /// Ed25519 seed for `identity.key`, with the public key for the directory
    IdentityKey,
    /// Ed25519 key with which the operator signs the directory, with its public key
    DirectoryKey,
    /// Entry for `encryption.keys` or the keyring's file
    EncryptionKey,
    /// Entry for `callback.secrets`
    CallbackSecret,
}

//! What the end-to-end and crash suites share: the real program on ports of its own, its API, the journal of the
//! backends, and the requests of a usual withdrawal. Helpers panic with a sentence that says what was expected.

mod backend;
mod client;
mod command;
mod commands;
mod database;
mod dev;
mod directory;
pub mod fleet;
mod keyring;
mod letter;
mod member;
mod node;
mod pair;
mod party;
mod requests;
mod scan;
mod shared;
mod terminal;

pub use backend::Backend;
pub use client::{Answer, Client};
pub use command::{operate, refused, stderr, stdout, waybill};
pub use commands::{give_up, kinds_left, no_command_is_left, none_left_but_given_up, poison};
pub use database::{Database, NodeDatabase};
pub use dev::{Dev, DevPlace};
pub use directory::{SignedDirectory, edit_directory};
pub use keyring::KeyringFile;
pub use letter::{Letter, Listener};
pub use member::{Member, random_uuid};
pub use node::Node;
pub use pair::Pair;
pub use party::{OUR_ID, Party, ROBOT_ID, VerificationRecord};
pub use requests::{
    OUR_ADDRESS, ROBOT_ADDRESS, account_check, edit, name_of, person, to_us, unique, unique_hash,
    verification,
};
pub use scan::{Needles, files_below};
pub use shared::{SharedDev, dev};
pub use terminal::Terminal;

use std::time::Duration;

/// How long something that takes milliseconds may take on a machine that is busy with other things.
pub const SOON: Duration = Duration::from_secs(30);

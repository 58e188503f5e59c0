//! What operators do with the keyring, beside running nodes.

mod add;
mod audited;
mod count;
mod overview;
mod retire;
mod ring;
mod rotate;

pub use add::{Added, add};
pub use overview::{KeyView, Overview, overview};
pub use retire::{Retired, retire};
pub use ring::Ring;
pub use rotate::{Rotated, rotate};

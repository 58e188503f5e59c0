//! What passes between the two nodes. The directory of the demo names a recorder in front of each public listener; it
//! passes every byte on as it came and keeps a copy.

mod message;
mod recorder;

pub use message::{Message, Wire, readable_in};
pub use recorder::open;

//! The HTTP server and what every API of the node has in common.

mod body;
mod front;
mod json;
mod listen;
mod refusal;
mod serve;

pub use body::{BodyLimits, read_body, read_json};
pub use front::{Front, RequestId, with_front};
pub use json::{MAX_DEPTH, parse_json};
pub use listen::{ListenError, listen};
pub use refusal::{Refusal, fault_response};
pub use serve::{PeerAddress, ServeOptions, serve};

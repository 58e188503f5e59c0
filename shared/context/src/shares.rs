//! This process's shares of limits.

use waybill_domain::Share;

/// For each service whose limits hold over all of its processes, the part that this one has. Without other processes
/// it is the whole.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    /// What API keys may do at the private API.
    pub ingress: Share,
    /// Calls to members and to our backend, and what members may ask for.
    pub counterparty: Share,
    /// Callbacks at a time.
    pub callback: Share,
}

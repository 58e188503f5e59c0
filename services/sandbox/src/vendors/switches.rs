//! Which vendor fails how, at which requests, and how often still.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::Vendor;
use super::mode::Mode;

/// One switch that was set.
#[derive(Debug, Clone)]
pub(super) struct Switch {
    pub(super) mode: Mode,
    /// Answers left; without it, until switched back.
    pub(super) times: Option<u32>,
    pub(super) delay_ms: Option<u64>,
    /// The text of `Retry-After`; `date` stands for a date.
    pub(super) retry_after: Option<String>,
    pub(super) skew_seconds: Option<i64>,
    /// Only requests with this method.
    pub(super) method: Option<String>,
    /// Only requests whose path and query contain this.
    pub(super) path: Option<String>,
}

/// A switch as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    mode: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

/// The switches of all vendors, the newest last. Gone after a restart.
#[derive(Default)]
pub(super) struct Switches(Mutex<Vec<(Vendor, Switch)>>);

impl Switches {
    /// How the answer to this request is to be spoilt; counts it. The newest switch that fits goes first.
    pub(super) fn next(&self, vendor: Vendor, method: &str, path: &str) -> Option<Switch> {
        let mut switches = self.lock();
        let fits = |(of, switch): &(Vendor, Switch)| {
            *of == vendor
                && switch.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && switch.path.as_deref().is_none_or(|part| path.contains(part))
        };
        let at = switches.iter().rposition(fits)?;
        let found = switches[at].1.clone();
        if let Some(times) = &mut switches[at].1.times {
            *times -= 1; // a switch with nothing left is never kept
            if *times == 0 {
                switches.remove(at);
            }
        }
        Some(found)
    }

    /// Adds a switch in place of one for the same requests.
    pub(super) fn set(&self, vendor: Vendor, switch: Switch) {
        let mut switches = self.lock();
        switches.retain(|(of, old)| *of != vendor || old.path != switch.path || old.method != switch.method);
        switches.push((vendor, switch));
    }

    /// Back to normal: all switches of a vendor, or those for requests with this part of a path.
    pub(super) fn clear(&self, vendor: Vendor, path: Option<&str>) {
        self.lock().retain(|(of, old)| *of != vendor || path.is_some() && old.path.as_deref() != path);
    }

    pub(super) fn shown(&self, vendor: Vendor) -> Vec<Shown> {
        let switches = self.lock();
        let own = switches.iter().filter(|(of, _)| *of == vendor);
        own.map(|(_, switch)| Shown {
            mode: switch.mode.name(),
            times: switch.times,
            method: switch.method.clone(),
            path: switch.path.clone(),
        })
        .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Vendor, Switch)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

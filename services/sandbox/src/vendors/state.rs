//! What the vendors remember. Only in memory: after a restart they know no transfer and no case.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use waybill_domain::{Fault, Timestamp};

use super::Vendor;
use super::chainalysis_kyt::Registered;
use super::counts::Counts;
use super::options::{VendorKeys, Vendors};
use super::settings::{Change, Settings};
use super::switches::Switches;
use super::window::Window;
use super::world_check::Cases;

/// The vendors as they are played.
pub(crate) struct Playing {
    pub(super) keys: VendorKeys,
    pub(super) switches: Switches,
    pub(super) counts: Counts,
    settings: Mutex<HashMap<Vendor, Settings>>,
    windows: Mutex<HashMap<Vendor, Window>>,
    registered: Mutex<Registered>,
    cases: Mutex<Cases>,
}

impl Playing {
    pub(crate) fn new(options: Vendors) -> Self {
        let Vendors { keys, limits, delays } = options;
        let settings = Vendor::ALL.iter().map(|&vendor| (vendor, Settings::new(vendor, &limits, &delays)));
        Self {
            keys,
            switches: Switches::default(),
            counts: Counts::default(),
            settings: Mutex::new(settings.collect()),
            windows: Mutex::default(),
            registered: Mutex::default(),
            cases: Mutex::default(),
        }
    }

    pub(super) fn settings(&self, vendor: Vendor) -> Settings {
        lock(&self.settings)[&vendor].clone() // `new` has put all in
    }

    /// Changes and shows them.
    pub(super) fn change_settings(&self, vendor: Vendor, change: Change) -> Result<Value, Fault> {
        let mut all = lock(&self.settings);
        let mut settings = all[&vendor].clone();
        settings.change(vendor, change)?;
        let shown = settings.shown(vendor);
        all.insert(vendor, settings);
        Ok(shown)
    }

    /// Whether the vendor's limit lets one more request through.
    pub(super) fn lets_through(&self, vendor: Vendor, settings: &Settings, now: Timestamp) -> bool {
        let mut windows = lock(&self.windows);
        windows.entry(vendor).or_default().allows(now, settings.requests, settings.window)
    }

    pub(super) fn registered(&self) -> MutexGuard<'_, Registered> {
        lock(&self.registered)
    }

    pub(super) fn cases(&self) -> MutexGuard<'_, Cases> {
        lock(&self.cases)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

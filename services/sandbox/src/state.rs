//! The sandbox's state: what every handler sees.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use waybill_domain::{Fault, SharedClock, VaspId};

use crate::journal::{Journal, OpenError};
use crate::mode::Modes;
use crate::options::{Backend, Options};
use crate::transaction::Transfers;
use crate::vendors::Playing;

/// The state, as handlers take it.
pub(crate) type Shared = Arc<Parts>;

pub(crate) struct Parts {
    pub(crate) clock: SharedClock,
    backends: HashMap<VaspId, Backend>,
    pub(crate) journal: Journal,
    pub(crate) modes: Modes,
    pub(crate) transfers: Transfers,
    vendors: Option<Playing>,
}

impl Parts {
    /// Opens the journal in its folder; all else is fresh.
    pub(crate) fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        let journal = Journal::open(folder, options.journal)?;
        let backends = options.backends.into_iter().map(|backend| (backend.vasp_id, backend)).collect();
        let vendors = options.vendors.map(Playing::new);
        let (modes, transfers) = (Modes::default(), Transfers::default());
        Ok(Self { clock: options.clock, backends, journal, modes, transfers, vendors })
    }

    /// The backend of a VASP, or 404.
    pub(crate) fn backend(&self, vasp: VaspId) -> Result<&Backend, Fault> {
        self.backends.get(&vasp).ok_or_else(unknown_vasp)
    }

    /// The vendors, or 404 where none are played.
    pub(crate) fn vendors(&self) -> Result<&Playing, Fault> {
        let none = || Fault::new(404, "VENDOR-NOT-FOUND", "The sandbox plays no vendors");
        self.vendors.as_ref().ok_or_else(none)
    }

    /// The id of a VASP whose backend is played, or 404.
    pub(crate) fn known_vasp(&self, text: &str) -> Result<VaspId, Fault> {
        let vasp = text.parse().map_err(|_| unknown_vasp())?;
        self.backend(vasp).map(|backend| backend.vasp_id)
    }
}

fn unknown_vasp() -> Fault {
    Fault::new(404, "VASP-NOT-FOUND", "The sandbox plays no VASP with this id")
}

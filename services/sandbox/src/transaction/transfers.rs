//! How far each transfer is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::{Fault, TransactionStatus, VaspId, VerificationUuid};

/// More switches than anybody sets by hand; keeps a runaway script from filling the memory.
const MOST_SWITCHES: usize = 100_000;

/// What the backend says about one transfer.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Transfer {
    transaction_status: TransactionStatus,
    tx_hash: Option<String>,
    vout: Option<String>,
}

impl Transfer {
    /// The answer that says so.
    pub(super) fn shown(&self, uuid: VerificationUuid) -> Value {
        let mut answer = json!({"verificationUuid": uuid, "transactionStatus": self.transaction_status});
        if let Some(tx_hash) = &self.tx_hash {
            answer["txHash"] = json!(tx_hash);
        }
        if let Some(vout) = &self.vout {
            answer["vout"] = json!(vout);
        }
        answer
    }
}

/// The transfers that were set by switch; any other is `PROCESSING`. Gone after a restart.
#[derive(Default)]
pub(crate) struct Transfers(Mutex<HashMap<(VaspId, VerificationUuid), Transfer>>);

impl Transfers {
    pub(super) fn get(&self, vasp: VaspId, uuid: VerificationUuid) -> Transfer {
        let transfers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown =
            || Transfer { transaction_status: TransactionStatus::Processing, tx_hash: None, vout: None };
        transfers.get(&(vasp, uuid)).cloned().unwrap_or_else(unknown)
    }

    pub(super) fn set(&self, vasp: VaspId, uuid: VerificationUuid, transfer: Transfer) -> Result<(), Fault> {
        let mut transfers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if transfers.len() >= MOST_SWITCHES && !transfers.contains_key(&(vasp, uuid)) {
            return Err(Fault::new(409, "TOO-MANY-TRANSACTIONS", "Restart the sandbox to forget them"));
        }
        transfers.insert((vasp, uuid), transfer);
        Ok(())
    }
}

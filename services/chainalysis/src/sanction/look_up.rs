//! One look-up, from the verification to the row that is to be stored.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout_at};
use waybill_context::SharedContext;
use waybill_domain::{Direction, Role, SanctionStatus, ScreeningOrigin};
use waybill_store::StoreError;
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::verifications::VerificationRow;
use waybill_vendors::VendorError;

use super::client::{NAME, SanctionClient, SanctionError};
use super::wire::Identification;
use crate::alone::Alone;
use crate::reason::Reason;
use crate::verification::counterparty;

/// The Sanctions API with a key.
pub(super) struct Sanctions {
    pub ctx: SharedContext,
    client: SanctionClient,
    /// An address is asked about by one at a time: the others use the answer.
    alone: Alone,
}

/// What is known after a look-up: the row that says so, and what stood in the way.
pub(super) struct LookedUp {
    pub row: SanctionResult,
    pub error: Option<SanctionError>,
    /// To be held until the row is stored: whoever asks about the same address then finds it.
    pub alone: Option<OwnedMutexGuard<()>>,
}

impl Sanctions {
    /// None with a key that cannot be sent.
    pub(super) fn with(ctx: &SharedContext, key: &SecretString, alone: Alone) -> Option<Self> {
        let client = SanctionClient::with(ctx, key)?;
        Some(Self { ctx: SharedContext::clone(ctx), client, alone })
    }

    /// Looks the counterparty's address up within a time, and stores nothing. An answer that is young enough serves again.
    pub(super) async fn look_up(
        &self,
        verification: &VerificationRow,
        role: Role,
        origin: ScreeningOrigin,
        request_id: String,
        within: Duration,
    ) -> Result<LookedUp, StoreError> {
        let deadline = Instant::now() + within;
        let mut row = self.draft(verification, role, origin, request_id);
        let Ok(alone) = timeout_at(deadline, self.alone.hold(row.address.clone())).await else {
            return Ok(failed(row, SanctionError::Vendor(VendorError::Timeout)));
        };
        let alone = Some(alone);
        if let Some(known) = self.known(&row).await? {
            row.status = known.status;
            row.ofac_name = known.ofac_name;
            row.ofac_description = known.ofac_description;
            row.ofac_url = known.ofac_url;
            row.shares_request = Some(known.request_id);
            return Ok(LookedUp { row, error: None, alone });
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match self.client.look_up(&row.address, left).await {
            Ok(found) => Ok(LookedUp { row: answered(row, found), error: None, alone }),
            Err(error) => Ok(LookedUp { alone, ..failed(row, error) }),
        }
    }

    /// An answer of the vendor for the same key that is young enough.
    async fn known(&self, row: &SanctionResult) -> Result<Option<SanctionResult>, StoreError> {
        let reuse = self.ctx.settings.chainalysis.sanction_reuse;
        if reuse.is_zero() {
            return Ok(None);
        }
        let arguments = (row.address.clone(), row.created_at - reuse);
        let find = self.ctx.store.read("sanction::recent", arguments, |tx, (address, since)| {
            Box::pin(sanction_results::recent(tx, address, *since))
        });
        Ok(find.await?.filter(|known| known.key_id == row.key_id))
    }

    fn draft(
        &self,
        verification: &VerificationRow,
        role: Role,
        origin: ScreeningOrigin,
        request_id: String,
    ) -> SanctionResult {
        let account = match role {
            Role::Originator => &verification.beneficiary_account_number,
            Role::Beneficiary => &verification.originator_account_number,
        };
        let network = verification.asset.network.as_deref();
        SanctionResult {
            request_id,
            verification_uuid: verification.uuid,
            counterparty_vasp_id: counterparty(verification, role),
            direction: Direction::of(role),
            address: self.ctx.networks.address_of(network, account).to_owned(),
            status: SanctionStatus::Error,
            ofac_name: None,
            ofac_description: None,
            ofac_url: None,
            reason: None,
            key_id: Some(self.client.credential.id.clone()),
            origin,
            shares_request: None,
            created_at: self.ctx.clock.now(),
        }
    }
}

fn answered(row: SanctionResult, found: Option<Identification>) -> SanctionResult {
    let Some(found) = found else { return SanctionResult { status: SanctionStatus::NoHit, ..row } };
    if found.is_unexpected {
        tracing::warn!(
            request_id = row.request_id,
            vendor = NAME,
            "an address is listed, and not for sanctions"
        );
    }
    SanctionResult {
        status: SanctionStatus::Sanction,
        ofac_name: found.name,
        ofac_description: found.description,
        ofac_url: found.url,
        ..row
    }
}

fn failed(row: SanctionResult, error: SanctionError) -> LookedUp {
    let reason = Some(reason(&error).to_string());
    LookedUp {
        row: SanctionResult { status: SanctionStatus::Error, reason, ..row },
        error: Some(error),
        alone: None,
    }
}

fn reason(error: &SanctionError) -> Reason {
    match error {
        SanctionError::Unauthorized | SanctionError::Forbidden => Reason::Denied,
        SanctionError::Refused => Reason::Refused,
        SanctionError::Vendor(VendorError::Timeout) => Reason::Timeout,
        SanctionError::Vendor(VendorError::Failing { .. }) => Reason::VendorFailing,
        SanctionError::Vendor(VendorError::Unusable(_)) => Reason::UnreadableAnswer,
        SanctionError::Vendor(_) => Reason::Unreachable,
    }
}

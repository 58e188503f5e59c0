//! What requests, commands and the poller have in common.

use std::time::Duration;

use secrecy::SecretString;
use waybill_context::SharedContext;
use waybill_domain::Timestamp;
use waybill_store::tables::kyt_results::{KytRow, NewKyt};

use super::categories::Categories;
use super::client::KytClient;
use super::gate::Gate;
use crate::alone::Alone;

/// Longest time that a registration takes within a request, whatever the setting: its lease must outlive it.
const LONGEST_CALL: Duration = Duration::from_secs(60);

/// KYT with a key.
pub(super) struct Kyt {
    pub ctx: SharedContext,
    pub client: KytClient,
    pub categories: Categories,
    /// Equal contents are registered one after the other.
    pub alone: Alone,
    /// Closed while the vendor refuses the key.
    pub gate: Gate,
}

impl Kyt {
    /// None with a key that cannot be sent.
    pub(super) fn with(ctx: &SharedContext, key: &SecretString, alone: Alone) -> Option<Self> {
        Some(Self {
            client: KytClient::with(ctx, key)?,
            ctx: SharedContext::clone(ctx),
            categories: Categories::new(ctx.clock.clone()),
            alone,
            gate: Gate::new(ctx.clock.clone()),
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ctx.clock.now()
    }

    /// For one call.
    pub(super) fn timeout(&self) -> Duration {
        self.client.timeout.min(LONGEST_CALL)
    }

    /// How long a worker has a row for itself: a look has five calls at the most, and each of them its time.
    pub(super) fn lease(&self) -> Duration {
        self.timeout() * 6
    }
}

/// The name of a row's content: equal ones are registered once.
pub(super) fn content(row: &NewKyt) -> String {
    let NewKyt { user_id, direction, network, asset, amount, transfer_ref, address, .. } = row;
    // Texts of others: a separator that none of them holds.
    let network = network.as_deref().unwrap_or_default();
    let reference = transfer_ref.as_deref().unwrap_or_default();
    [user_id, direction.as_str(), network, asset, amount, reference, address].join("\u{0}")
}

/// A stored row as if it were to be stored now: to look for its like.
pub(super) fn as_new(row: &KytRow) -> NewKyt {
    NewKyt {
        request_id: row.request_id.clone(),
        verification_uuid: row.verification_uuid,
        counterparty_vasp_id: row.counterparty_vasp_id,
        api_type: row.api_type,
        user_id: row.user_id.clone(),
        direction: row.direction,
        network: row.network.clone(),
        asset: row.asset.clone(),
        amount: row.amount.clone(),
        transfer_ref: row.transfer_ref.clone(),
        output_address: row.output_address.clone(),
        address: row.address.clone(),
        timestamp: row.timestamp,
        key_id: row.key_id.clone(),
        origin: row.origin,
        external_id: None,
        registered_at: None,
        shares_request: None,
        traceparent: row.traceparent.clone(),
        created_at: row.created_at,
        lease: None,
    }
}

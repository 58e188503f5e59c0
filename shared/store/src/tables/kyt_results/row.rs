//! One stored KYT request.

use waybill_domain::{
    Direction, KytApiType, ScreeningOrigin, ScreeningStatus, Timestamp, VaspId, VerificationUuid,
};

use crate::StoreError;
use crate::sql::Row;

/// A row of `chainalysis_kyt_results`.
#[derive(Clone, PartialEq, Eq)]
pub struct KytRow {
    /// Number of the row, ascending.
    pub id: i64,
    /// Names the request.
    pub request_id: String,
    /// The verification it was made for.
    pub verification_uuid: VerificationUuid,
    /// The other side of the transfer.
    pub counterparty_vasp_id: VaspId,
    /// An address, or a transaction.
    pub api_type: KytApiType,
    /// Under which name the vendor files it: the counterparty's id.
    pub user_id: String,
    /// Which way the assets go.
    pub direction: Direction,
    /// As the vendor wrote it; before that, as it is asked.
    pub network: Option<String>,
    /// Ticker.
    pub asset: String,
    /// Decimal text.
    pub amount: String,
    /// US dollars, decimal text.
    pub usd_price: Option<String>,
    /// The transaction and the part of it, as the vendor is asked.
    pub transfer_ref: Option<String>,
    /// The address as the vendor wrote it; before that, our guess.
    pub output_address: Option<String>,
    /// The address as the verification has it.
    pub address: String,
    /// When the transaction happened; of an address, when it was asked about.
    pub timestamp: Option<Timestamp>,
    /// The vendor's id; none until it has taken the request on.
    pub external_id: Option<String>,
    /// How far it has come.
    pub status: ScreeningStatus,
    /// Who works on it.
    pub worker_id: Option<String>,
    /// When somebody last began to.
    pub last_checked_at: Option<Timestamp>,
    /// How many alerts there are; none until the result is there.
    pub alert_count: Option<u32>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// When the vendor had its result.
    pub assessed_at: Option<Timestamp>,
    /// When it is worked on next; none: never.
    pub due_at: Option<Timestamp>,
    /// How often it was worked on since something changed.
    pub attempts: u32,
    /// Since when the vendor gives no answer.
    pub failing_since: Option<Timestamp>,
    /// When the vendor took it on.
    pub registered_at: Option<Timestamp>,
    /// Looks for further alerts that were made.
    pub late_checks: u32,
    /// Why it is `ERROR`, a code.
    pub reason: Option<String>,
    /// Names the key that was used.
    pub key_id: Option<String>,
    /// Who wanted it.
    pub origin: ScreeningOrigin,
    /// The request whose registration with the vendor this one uses.
    pub shares_request: Option<String>,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
}

/// Shows no address.
impl std::fmt::Debug for KytRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KytRow")
            .field("request_id", &self.request_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl KytRow {
    pub(in crate::tables) fn read(row: &Row) -> Result<Self, StoreError> {
        let alert_count = row.opt_int("alert_count")?.map(u32::try_from).transpose();
        Ok(Self {
            id: row.int("id")?,
            request_id: row.text("request_id")?,
            verification_uuid: row.parsed("verification_uuid")?,
            counterparty_vasp_id: row.vasp_id("counterparty_vasp_id")?,
            api_type: row.parsed("api_type")?,
            user_id: row.text("user_id")?,
            direction: row.parsed("direction")?,
            network: row.opt_text("network")?,
            asset: row.text("asset")?,
            amount: row.text("amount")?,
            usd_price: row.opt_text("usd_price")?,
            transfer_ref: row.opt_text("transfer_ref")?,
            output_address: row.opt_text("output_address")?,
            address: row.text("address")?,
            timestamp: row.opt_time("timestamp")?,
            external_id: row.opt_text("external_id")?,
            status: row.parsed("status")?,
            worker_id: row.opt_text("worker_id")?,
            last_checked_at: row.opt_time("last_checked_at")?,
            alert_count: alert_count.map_err(|_| StoreError::Unreadable("alert_count"))?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
            assessed_at: row.opt_time("assessed_at")?,
            due_at: row.opt_time("due_at")?,
            attempts: row.count("attempts")?,
            failing_since: row.opt_time("failing_since")?,
            registered_at: row.opt_time("registered_at")?,
            late_checks: row.count("late_checks")?,
            reason: row.opt_text("reason")?,
            key_id: row.opt_text("key_id")?,
            origin: row.parsed("origin")?,
            shares_request: row.opt_text("shares_request")?,
            traceparent: row.opt_text("traceparent")?,
        })
    }
}

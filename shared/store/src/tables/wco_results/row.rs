//! One stored World-Check request.

use waybill_domain::{
    Direction, MatchStrength, ScreeningOrigin, ScreeningStatus, Timestamp, VaspId, VerificationUuid,
};

use crate::StoreError;
use crate::sql::Row;

/// A row of `refinitiv_wco_results`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WcoRow {
    /// Number of the row, ascending.
    pub id: i64,
    /// Names the request.
    pub request_id: String,
    /// The verification it was made for.
    pub verification_uuid: VerificationUuid,
    /// The other side of the transfer.
    pub counterparty_vasp_id: VaspId,
    /// Which way the assets go.
    pub direction: Direction,
    /// The vendor's case with the strongest match; empty until it has named one.
    pub case_system_id: String,
    /// The vendor's summary of that case, JSON, sealed.
    pub summary_sealed: Option<String>,
    /// How far it has come.
    pub status: ScreeningStatus,
    /// Who works on it.
    pub worker_id: Option<String>,
    /// When somebody last began to.
    pub last_checked_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// When the vendor had screened all persons.
    pub assessed_at: Option<Timestamp>,
    /// When it is worked on next; none: never.
    pub due_at: Option<Timestamp>,
    /// How often it was worked on since something changed.
    pub attempts: u32,
    /// Since when the vendor gives no answer.
    pub failing_since: Option<Timestamp>,
    /// When the vendor had taken all cases on.
    pub registered_at: Option<Timestamp>,
    /// The strongest match; none where there is none.
    pub match_strength: Option<MatchStrength>,
    /// Matches of all persons together.
    pub total_matches: Option<u32>,
    /// Why it is `ERROR`, a code.
    pub reason: Option<String>,
    /// Names the key that was used.
    pub key_id: Option<String>,
    /// Who wanted it.
    pub origin: ScreeningOrigin,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
}

impl WcoRow {
    pub(in crate::tables) fn read(row: &Row) -> Result<Self, StoreError> {
        let matches = row.opt_int("total_matches")?.map(u32::try_from).transpose();
        let strength = row.opt_text("match_strength")?.map(|text| text.parse()).transpose();
        Ok(Self {
            id: row.int("id")?,
            request_id: row.text("request_id")?,
            verification_uuid: row.parsed("verification_uuid")?,
            counterparty_vasp_id: row.vasp_id("counterparty_vasp_id")?,
            direction: row.parsed("direction")?,
            case_system_id: row.text("case_system_id")?,
            summary_sealed: row.opt_text("aggregated_result_summaries")?,
            status: row.parsed("status")?,
            worker_id: row.opt_text("worker_id")?,
            last_checked_at: row.opt_time("last_checked_at")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
            assessed_at: row.opt_time("assessed_at")?,
            due_at: row.opt_time("due_at")?,
            attempts: row.count("attempts")?,
            failing_since: row.opt_time("failing_since")?,
            registered_at: row.opt_time("registered_at")?,
            match_strength: strength.map_err(|_| StoreError::Unreadable("match_strength"))?,
            total_matches: matches.map_err(|_| StoreError::Unreadable("total_matches"))?,
            reason: row.opt_text("reason")?,
            key_id: row.opt_text("key_id")?,
            origin: row.parsed("origin")?,
            traceparent: row.opt_text("traceparent")?,
        })
    }
}

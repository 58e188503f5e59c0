//! One case of World-Check for each person of a request: `refinitiv_wco_cases`. Changed only by whoever has leased the
//! request.

use waybill_domain::{MatchStrength, ScreeningStatus, Timestamp, text_enum};

use crate::sql::{Row, listed_texts, values};
use crate::{StoreError, Tx};

text_enum! {
    /// What kind of person a case is about, the vendor's words.
    pub enum EntityType {
        /// A natural person.
        Individual = "INDIVIDUAL",
        /// A legal person.
        Organisation = "ORGANISATION",
    }
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WcoCase {
    /// The request it belongs to.
    pub request_id: String,
    /// Which of its persons, from 0.
    pub person: u32,
    /// Our name for it, known before the vendor is asked. Unique.
    pub case_id: String,
    /// The vendor's name for it.
    pub case_system_id: Option<String>,
    /// What kind of person it is about.
    pub entity_type: EntityType,
    /// Keyed digest of what is asked: equal persons share a case.
    pub subject_fingerprint: String,
    /// Name and secondary fields, JSON, sealed.
    pub asked_sealed: String,
    /// How far it has come.
    pub status: ScreeningStatus,
    /// When its screening was asked for, by the vendor's clock; none: not yet.
    pub screening_requested_at: Option<Timestamp>,
    /// Its strongest match.
    pub match_strength: Option<MatchStrength>,
    /// How many matches it has.
    pub total_matches: Option<u32>,
    /// The vendor's summary, JSON, sealed.
    pub summary_sealed: Option<String>,
    /// The case of ours whose case at the vendor this one uses.
    pub shares_case: Option<String>,
    /// Why it is `ERROR`, a code.
    pub reason: Option<String>,
    /// When the vendor had screened it.
    pub assessed_at: Option<Timestamp>,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Stores a case.
///
/// # Errors
/// [`StoreError`]; [`StoreError::GuardLost`] when its name is taken.
pub async fn insert(tx: &mut Tx, new: &WcoCase) -> Result<(), StoreError> {
    let inserted = tx
        .insert(
            "/* wco_cases::insert */ INSERT INTO refinitiv_wco_cases (request_id, person, case_id, case_system_id,
               entity_type, subject_fingerprint, asked, status, screening_requested_at, shares_case, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {unless there}",
            values![
                &new.request_id,
                new.person,
                &new.case_id,
                &new.case_system_id,
                new.entity_type.as_str(),
                &new.subject_fingerprint,
                &new.asked_sealed,
                new.status.as_str(),
                new.screening_requested_at,
                &new.shares_case,
                new.created_at,
                new.created_at,
            ],
        )
        .await?;
    if inserted { Ok(()) } else { Err(StoreError::GuardLost("case_id")) }
}

/// The cases of a request, in the order of its persons.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, request_id: &str) -> Result<Vec<WcoCase>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* wco_cases::of_request */ SELECT * FROM refinitiv_wco_cases WHERE request_id = ? ORDER BY person",
            values![request_id],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The case with a name.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, case_id: &str) -> Result<Option<WcoCase>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* wco_cases::find */ SELECT * FROM refinitiv_wco_cases WHERE case_id = ?",
            values![case_id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The cases of several requests, in the order of the persons of each.
///
/// # Errors
/// [`StoreError`].
pub async fn of_requests(tx: &mut Tx, request_ids: &[String]) -> Result<Vec<WcoCase>, StoreError> {
    let Some((marks, ids)) = listed_texts(request_ids) else { return Ok(Vec::new()) };
    let statement = format!(
        "/* wco_cases::of_requests */ SELECT * FROM refinitiv_wco_cases WHERE request_id IN ({marks})
         ORDER BY request_id, person"
    );
    let rows = tx.fetch_built("/* wco_cases::of_requests */", statement, &ids).await?;
    rows.iter().map(read).collect()
}

/// The newest case about the same person, not older than `since`, that a new case may use in place of one of its own. The
/// vendor may not know it yet.
///
/// # Errors
/// [`StoreError`].
pub async fn sharable(
    tx: &mut Tx,
    subject_fingerprint: &str,
    since: Timestamp,
) -> Result<Option<WcoCase>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* wco_cases::sharable */ SELECT * FROM refinitiv_wco_cases
             WHERE subject_fingerprint = ? AND created_at >= ? AND status <> 'ERROR' AND shares_case IS NULL
             ORDER BY created_at DESC, id DESC LIMIT 1",
            values![subject_fingerprint, since],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Stores how far a case has come. What was asked is stored with the vendor's name for the case and never again: it may have
/// been sealed anew since it was read. For whoever has leased the request: see
/// [`wco_results::renew`](super::wco_results::renew).
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &mut Tx, case: &WcoCase, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        // First, since MySQL reads what was assigned before.
        "/* wco_cases::update */ UPDATE refinitiv_wco_cases
         SET asked = CASE WHEN case_system_id IS NULL AND ? IS NOT NULL THEN ? ELSE asked END, case_system_id = ?, status = ?,
           screening_requested_at = ?, match_strength = ?, total_matches = ?, aggregated_result_summaries = ?,
           shares_case = ?, reason = ?, assessed_at = ?, updated_at = ?
         WHERE case_id = ?",
        values![
            &case.case_system_id,
            &case.asked_sealed,
            &case.case_system_id,
            case.status.as_str(),
            case.screening_requested_at,
            case.match_strength.map(MatchStrength::as_str),
            case.total_matches,
            &case.summary_sealed,
            &case.shares_case,
            &case.reason,
            case.assessed_at,
            at,
            &case.case_id,
        ],
    )
    .await
    .map(drop)
}

fn read(row: &Row) -> Result<WcoCase, StoreError> {
    let matches = row.opt_int("total_matches")?.map(u32::try_from).transpose();
    let strength = row.opt_text("match_strength")?.map(|text| text.parse()).transpose();
    Ok(WcoCase {
        request_id: row.text("request_id")?,
        person: row.count("person")?,
        case_id: row.text("case_id")?,
        case_system_id: row.opt_text("case_system_id")?,
        entity_type: row.parsed("entity_type")?,
        subject_fingerprint: row.text("subject_fingerprint")?,
        asked_sealed: row.text("asked")?,
        status: row.parsed("status")?,
        screening_requested_at: row.opt_time("screening_requested_at")?,
        match_strength: strength.map_err(|_| StoreError::Unreadable("match_strength"))?,
        total_matches: matches.map_err(|_| StoreError::Unreadable("total_matches"))?,
        summary_sealed: row.opt_text("aggregated_result_summaries")?,
        shares_case: row.opt_text("shares_case")?,
        reason: row.opt_text("reason")?,
        assessed_at: row.opt_time("assessed_at")?,
        created_at: row.time("created_at")?,
    })
}

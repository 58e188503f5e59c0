//! Taking a request on: its row and its cases are there before the vendor hears of it.

use waybill_domain::{ScreeningStatus, Timestamp};
use waybill_jobs::{KeepAnswer, ScreeningAnswer};
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco};
use waybill_store::{StoreError, Tx};
use waybill_vault::Vault;

use super::asked::seal_subject;
use crate::subject::Subject;

/// Kept answers that one request forgets when their time is over. One request adds one, so none are left behind.
const FORGET_AT_ONCE: u32 = 100;

/// A request with its cases, ready to be stored.
#[derive(Clone)]
pub(crate) struct Intent {
    pub request: NewWco,
    pub cases: Vec<WcoCase>,
    /// Cases about the same persons that are not older may be used in place of new ones; none: each is opened.
    pub share_since: Option<Timestamp>,
    /// The key under which the answer is kept, and when answers were kept that are forgotten.
    pub repeatable: Option<(KeepAnswer, Timestamp)>,
}

/// What became of it.
pub(crate) enum Taken {
    /// Stored, with these cases.
    New(Vec<WcoCase>),
    /// The request id is known: a command that is repeated.
    Known,
    /// The answer kept for the same key.
    Kept(KeptAnswer),
}

impl Intent {
    /// A case for each person. `number` tells requests about one verification apart: milliseconds since 1970.
    pub fn cases(
        request: &NewWco,
        subjects: &[Subject],
        group_id: &str,
        number: i64,
        vault: &Vault,
    ) -> Vec<WcoCase> {
        let base = format!("{}-{}-{number}", request.verification_uuid, request.direction);
        let case = |(person, subject): (usize, &Subject)| {
            let case_id = if person == 0 { base.clone() } else { format!("{base}-{}", person + 1) };
            WcoCase {
                request_id: request.request_id.clone(),
                person: u32::try_from(person).unwrap_or(u32::MAX),
                case_system_id: None,
                entity_type: subject.entity_type,
                subject_fingerprint: subject.fingerprint(group_id, vault),
                asked_sealed: seal_subject(vault, &case_id, subject),
                status: ScreeningStatus::Registered,
                screening_requested_at: None,
                match_strength: None,
                total_matches: None,
                summary_sealed: None,
                shares_case: None,
                reason: None,
                assessed_at: None,
                created_at: request.created_at,
                case_id,
            }
        };
        subjects.iter().enumerate().map(case).collect()
    }

    /// Stores it. Part of the transaction that takes the request on.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::GuardLost`] when a case's name is taken.
    pub async fn store(&self, tx: &mut Tx) -> Result<Taken, StoreError> {
        if let Some(kept) = self.keep(tx).await? {
            return Ok(Taken::Kept(kept));
        }
        if !wco_results::insert(tx, &self.request).await? {
            return Ok(Taken::Known);
        }
        let mut cases = self.cases.clone();
        for case in &mut cases {
            if let Some(since) = self.share_since {
                let other = wco_cases::sharable(tx, &case.subject_fingerprint, since).await?;
                case.shares_case = other.map(|other| other.case_id);
            }
            wco_cases::insert(tx, case).await?;
        }
        Ok(Taken::New(cases))
    }

    async fn keep(&self, tx: &mut Tx) -> Result<Option<KeptAnswer>, StoreError> {
        let Some((KeepAnswer { scope, key, digest }, forget_before)) = &self.repeatable else {
            return Ok(None);
        };
        let answer = ScreeningAnswer { request_id: self.request.request_id.clone() };
        let answer = KeptAnswer {
            request_digest: digest.clone(),
            status: 200,
            // Cannot fail: one text.
            body: serde_json::to_string(&answer).unwrap_or_default(),
        };
        idempotency::purge(tx, *forget_before, FORGET_AT_ONCE).await?;
        if idempotency::insert(tx, scope, key, &answer, self.request.created_at).await? {
            return Ok(None);
        }
        idempotency::find(tx, scope, key).await
    }
}

//! Brings the cases of one request further, by what the vendor says of them.

use serde_json::Value;
use waybill_domain::{ScreeningStatus, Timestamp};
use waybill_store::tables::wco_cases::WcoCase;
use waybill_vault::ScreeningColumn;

use super::status::Standings;
use super::work::Work;
use crate::api::{ApiError, Standing, last_screened};
use crate::cases::Stopped;
use crate::service::Wco;
use crate::settle::NOT_SCREENED_IN_TIME;
use crate::summary::{Matches, summary, watchlist_matches};

/// The vendor does not know, or not any more, what it has taken on.
const CASE_NOT_FOUND: &str = "CASE-NOT-FOUND";

impl Wco {
    /// Reads the results of all cases of a request that are screened. A case that can come to nothing has a reason
    /// afterwards.
    pub(super) async fn progress(&self, work: &mut Work, standings: &Standings) -> Result<(), Stopped> {
        for case in &mut work.cases {
            let standing = case.case_system_id.as_ref().and_then(|id| standings.get(id));
            let Some(standing) = standing.filter(|_| case.status == ScreeningStatus::Checking) else {
                continue;
            };
            let outcome = match standing.clone() {
                Ok(Standing::Pending) => Ok(false),
                Ok(Standing::Screened(at)) => self.read_results(case, at).await,
                Err(error) => Err(error),
            };
            self.judge(case, outcome)?;
        }
        Ok(())
    }

    fn judge(&self, case: &mut WcoCase, outcome: Result<bool, ApiError>) -> Result<(), Stopped> {
        let since = case.screening_requested_at.unwrap_or(case.created_at);
        match outcome {
            Ok(true) => {}
            Ok(false) if self.is_overdue(since) => case.reason = Some(NOT_SCREENED_IN_TIME.to_owned()),
            Ok(false) => {}
            Err(error) if error.is_not_found() => {
                if self.api.vendors_now() > since + self.pacing.lag {
                    case.reason = Some(CASE_NOT_FOUND.to_owned());
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// False when it is not there yet: an empty list of results says nothing by itself.
    async fn read_results(
        &self,
        case: &mut WcoCase,
        screened_at: Option<Timestamp>,
    ) -> Result<bool, ApiError> {
        let id = case.case_system_id.clone().unwrap_or_default();
        let since = case.screening_requested_at.unwrap_or(case.created_at);
        let found = self.api.case(&id, self.unhurried()).await?;
        let last = last_screened(&found);
        if last.is_some_and(|last| last < since) && screened_at.is_none() {
            return Ok(false); // of an earlier screening
        }
        let matches = self.api.matches(&id, self.unhurried()).await?;
        if matches.total == 0 && watchlist_matches(&found).is_some_and(|count| count > 0) {
            return Ok(false); // the results come after the counts
        }
        if matches.unknown > 0 {
            tracing::warn!(count = matches.unknown, "matches of unknown strength count as EXACT");
        }
        self.keep(case, &found, &matches, screened_at.or(last));
        Ok(true)
    }

    fn keep(&self, case: &mut WcoCase, found: &Value, matches: &Matches, screened_at: Option<Timestamp>) {
        let column = ScreeningColumn::CaseSummary;
        case.summary_sealed = Some(self.ctx.vault.seal_screening(column, &case.case_id, &summary(found)));
        case.match_strength = matches.strongest;
        case.total_matches = Some(matches.total);
        case.assessed_at = Some(screened_at.unwrap_or_else(|| self.ctx.clock.now()));
        case.status = ScreeningStatus::Processed;
    }
}

//! The operations.

use std::time::Duration;

use bytes::Bytes;
use http::header::DATE;
use serde::Serialize;
use serde_json::Value;
use url::Url;
use waybill_domain::Timestamp;
use waybill_egress::Answer;
use waybill_vendors::{Limit, Vendor, VendorError, json, json_list};

use super::MARGIN;
use super::call::{Caller, Operation, Pace};
use super::case::{NewCase, case_system_id};
use super::error::ApiError;
use super::screening::{OneStatus, ScreeningAsked, Standing, body, standing_of};
use super::server_time::read_http_date;
use crate::subject::CaseTemplate;
use crate::summary::{Matches, OneResult};

/// Largest list of results that is read.
const RESULTS_BYTES: usize = 16 * 1024 * 1024;

/// What a date in a header does not tell.
const A_SECOND: Duration = Duration::from_secs(1);

/// The API, for one group of cases.
pub(crate) struct Api {
    pub caller: Caller,
    pub base: Url,
    pub group_id: String,
    pub screenings: Limit,
}

impl Api {
    /// The group in which cases are created.
    pub fn group_id(&self) -> &str {
        &self.group_id
    }

    /// The vendor, for its standing.
    pub fn vendor(&self) -> &Vendor {
        &self.caller.vendor
    }

    /// The limit of screenings in an hour.
    pub fn screenings(&self) -> &Limit {
        &self.screenings
    }

    /// Our time, corrected to the vendor's.
    pub fn vendors_now(&self) -> Timestamp {
        self.caller.skew.correct(self.caller.clock.now())
    }

    /// Which fields the group's cases may have; [`None`] when the answer does not say.
    pub async fn case_template(&self, pace: Pace) -> Result<Option<CaseTemplate>, ApiError> {
        let operation = Operation::get(case_template_url(&self.base, &self.group_id));
        let answer = self.read(&operation, pace).await?;
        Ok(CaseTemplate::read(&json::<Value>(&answer)?))
    }

    /// Creates a case; gives the vendor's id of it.
    pub async fn create_case(&self, case: &NewCase<'_>, pace: Pace) -> Result<String, ApiError> {
        let operation = Operation::post(self.url(&["cases"]), Some(text(case)?));
        let answer = self.caller.call(&operation, pace).await?;
        id_in(&answer)
    }

    /// The vendor's id of a case of ours that exists already.
    pub async fn find_case(&self, case_id: &str, pace: Pace) -> Result<String, ApiError> {
        let mut url = self.url(&["caseReferences"]);
        url.query_pairs_mut().append_pair("caseId", case_id);
        let answer = self.read(&Operation::get(url), pace).await?;
        id_in(&answer)
    }

    /// Has a case screened; gives a time by the vendor's clock at which it had not been asked yet, as late as that is
    /// certain. Never repeated by itself: it is paid for.
    pub async fn request_screening(&self, case_system_id: &str, pace: Pace) -> Result<Timestamp, ApiError> {
        let url = self.url(&["cases", case_system_id, "screeningRequest"]);
        let operation = Operation { also: Some(&self.screenings), once: true, ..Operation::post(url, None) };
        let answer = self.caller.call(&operation, pace).await?;
        let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok()).and_then(read_http_date);
        // The vendor may have written its date when the screening was over already.
        Ok(date.map_or_else(|| self.vendors_now() - MARGIN, |date| date - answer.took - A_SECOND))
    }

    /// How far the vendor is with each of these cases, at most [`super::MOST_AT_ONCE`].
    pub async fn screening_status(
        &self,
        asked: &[ScreeningAsked],
        pace: Pace,
    ) -> Result<Vec<Standing>, ApiError> {
        let url = self.url(&["cases", "screeningStatus"]);
        let operation = Operation::post(url, Some(text(&body(asked))?));
        let answer = self.read(&operation, pace).await?;
        let answer: Vec<OneStatus> = json_list(&answer)?;
        Ok(asked.iter().map(|case| standing_of(case, &answer)).collect())
    }

    /// A case with its aggregated summary.
    pub async fn case(&self, case_system_id: &str, pace: Pace) -> Result<Value, ApiError> {
        let mut url = self.url(&["cases", case_system_id]);
        url.set_query(Some("aggregatedSummary=true"));
        let answer = self.read(&Operation::get(url), pace).await?;
        let case: Value = json(&answer)?;
        match case_system_id_of(&case) {
            Some(id) if id == case_system_id => Ok(case),
            _ => Err(VendorError::Unusable("it is about another case").into()),
        }
    }

    /// The matches of a case.
    pub async fn matches(&self, case_system_id: &str, pace: Pace) -> Result<Matches, ApiError> {
        let url = self.url(&["cases", case_system_id, "results"]);
        let operation = Operation { max_answer_bytes: Some(RESULTS_BYTES), ..Operation::get(url) };
        let answer = self.read(&operation, pace).await?;
        Ok(Matches::of(&json_list::<OneResult>(&answer)?))
    }

    /// What neither creates nor screens. Denied, it has nothing to do with screenings that are used up.
    async fn read(&self, operation: &Operation<'_>, pace: Pace) -> Result<Answer, ApiError> {
        match self.caller.call(operation, pace).await {
            Err(ApiError::Denied) => Err(VendorError::Failing { status: 403 }.into()),
            outcome => outcome,
        }
    }

    fn url(&self, segments: &[&str]) -> Url {
        below(&self.base, segments)
    }
}

/// Where a group's case template is.
pub(crate) fn case_template_url(base: &Url, group_id: &str) -> Url {
    below(base, &["groups", group_id, "caseTemplate"])
}

fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

fn case_system_id_of(case: &Value) -> Option<&str> {
    case_system_id(case)
}

fn id_in(answer: &Answer) -> Result<String, ApiError> {
    let case: Value = json(answer)?;
    let id = case_system_id(&case).ok_or(VendorError::Unusable("it names no case"))?;
    Ok(id.to_owned())
}

fn text<T: Serialize>(body: &T) -> Result<Bytes, ApiError> {
    // Cannot fail: these bodies have string keys only.
    let text =
        serde_json::to_vec(body).map_err(|_| VendorError::Unusable("the request cannot be written"))?;
    Ok(Bytes::from(text))
}

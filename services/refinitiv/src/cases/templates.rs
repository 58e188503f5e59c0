//! The group's case template, kept for a while.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use waybill_domain::Timestamp;

use crate::api::{Api, ApiError, Pace};
use crate::subject::CaseTemplate;

/// The last template that was read, and when. One that says nothing of fields is kept, too: all may be sent then.
#[derive(Default)]
pub(crate) struct Templates(Mutex<Option<(Timestamp, Option<CaseTemplate>)>>);

impl Templates {
    /// The template, read anew when the last one is older than `refresh`. An old one serves on while the vendor gives no
    /// other.
    pub async fn current(
        &self,
        api: &Api,
        refresh: Duration,
        now: Timestamp,
        pace: Pace,
    ) -> Result<Option<CaseTemplate>, ApiError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, template)) = &kept
            && now < *at + refresh
        {
            return Ok(template.clone());
        }
        let template = match (api.case_template(pace).await, kept) {
            (Ok(template), _) => template,
            (Err(ApiError::Vendor(_)), Some((_, kept))) => return Ok(kept),
            (Err(error), _) => return Err(error),
        };
        if template.is_none() {
            tracing::warn!("the group's case template names no fields; all are sent");
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, template.clone()));
        Ok(template)
    }
}

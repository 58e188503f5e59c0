//! Makes the vendor take cases on, wherever each of them stands: created or not, its screening asked for or not.

use waybill_domain::{ScreeningStatus, Timestamp};
use waybill_runtime::failpoint;
use waybill_store::tables::wco_cases::WcoCase;
use waybill_vendors::VendorError;

use super::asked::{open_subject, seal_subject};
use super::stopped::Stopped;
use crate::api::{ApiError, MARGIN, NewCase, Pace, ScreeningAsked, Standing};
use crate::service::Wco;

impl Wco {
    /// Brings all cases of a request to their screening, those of others that it shares apart.
    pub(crate) async fn register(
        &self,
        worker: &str,
        cases: &mut [WcoCase],
        pace: Pace,
    ) -> Result<(), Stopped> {
        for case in cases.iter_mut().filter(|case| is_unregistered(case)) {
            if case.case_system_id.is_none() {
                self.create(case, pace).await?;
                self.announce(worker, case).await?;
                self.screen(worker, case, pace).await?;
            } else if let Some(since) = case.screening_requested_at {
                self.resume(worker, case, since, pace).await?;
            } else {
                self.announce(worker, case).await?;
                self.screen(worker, case, pace).await?;
            }
        }
        Ok(())
    }

    /// Creates it with the fields that the group's template has. Its name is ours and known already, so that a case whose
    /// creation was not answered is found again.
    async fn create(&self, case: &mut WcoCase, pace: Pace) -> Result<(), Stopped> {
        let vault = &self.ctx.vault;
        let refresh = self.ctx.settings.refinitiv.template_refresh;
        let template = self.templates.current(&self.api, refresh, self.ctx.clock.now(), pace).await?;
        let unreadable = VendorError::Unusable("what was to be asked cannot be read");
        let mut subject = open_subject(vault, case)?.ok_or(ApiError::Vendor(unreadable))?;
        if let Some(template) = template {
            subject.secondary_fields = template.allowed(subject.entity_type, &subject.secondary_fields);
        }
        let new = NewCase::new(
            &case.case_id,
            self.api.group_id(),
            subject.entity_type,
            &subject.name,
            &subject.secondary_fields,
        );
        let id = match self.api.create_case(&new, pace).await {
            Err(ApiError::Refused(refusal)) if refusal.is_case_id_taken() => {
                let found = self.api.find_case(&case.case_id, pace).await;
                found.map_err(|error| self.unless_behind(case, error))?
            }
            other => other?,
        };
        failpoint("wco.created");
        case.case_system_id = Some(id);
        case.asked_sealed = seal_subject(vault, &case.case_id, &subject);
        Ok(())
    }

    /// Writes down that a screening is about to be asked for: whoever comes after a crash must not ask for it, and have
    /// it paid for, without looking first.
    async fn announce(&self, worker: &str, case: &mut WcoCase) -> Result<(), Stopped> {
        case.screening_requested_at = Some(self.api.vendors_now() - MARGIN);
        Ok(self.save(worker, case).await?)
    }

    async fn screen(&self, worker: &str, case: &mut WcoCase, pace: Pace) -> Result<(), Stopped> {
        let id = case.case_system_id.clone().unwrap_or_default();
        match self.api.request_screening(&id, pace).await {
            Ok(at) => self.screening_began(worker, case, at).await,
            Err(error) => {
                if was_not_taken_on(&error) {
                    case.screening_requested_at = None;
                    self.save(worker, case).await?;
                }
                Err(self.unless_behind(case, error))
            }
        }
    }

    /// For a while the vendor may not know everywhere what it has just made.
    fn unless_behind(&self, case: &WcoCase, error: ApiError) -> Stopped {
        let is_new = self.ctx.clock.now() < case.created_at + self.pacing.lag;
        if is_new && error.is_not_found() { Stopped::Unsure } else { error.into() }
    }

    async fn screening_began(&self, worker: &str, case: &mut WcoCase, at: Timestamp) -> Result<(), Stopped> {
        failpoint("wco.screening");
        case.screening_requested_at = Some(at);
        case.status = ScreeningStatus::Checking;
        Ok(self.save(worker, case).await?)
    }

    /// A screening was asked for and nobody knows whether the vendor has heard it.
    async fn resume(
        &self,
        worker: &str,
        case: &mut WcoCase,
        since: Timestamp,
        pace: Pace,
    ) -> Result<(), Stopped> {
        let case_system_id = case.case_system_id.clone().unwrap_or_default();
        let standing =
            match self.api.screening_status(&[ScreeningAsked { case_system_id, since }], pace).await {
                Ok(standing) => standing,
                Err(error) if error.is_not_found() => Vec::new(), // not known there yet
                Err(error) => return Err(error.into()),
            };
        if let Some(Standing::Screened(_)) = standing.first() {
            return self.screening_began(worker, case, since).await;
        }
        if self.api.vendors_now() < since + MARGIN + self.pacing.unsure {
            return Err(Stopped::Unsure);
        }
        self.announce(worker, case).await?;
        self.screen(worker, case, pace).await
    }
}

/// Whether the vendor has yet to be asked about it.
pub(crate) fn is_unregistered(case: &WcoCase) -> bool {
    case.shares_case.is_none() && case.status == ScreeningStatus::Registered
}

/// Whether the vendor certainly does not screen because of a question that ended like this.
fn was_not_taken_on(error: &ApiError) -> bool {
    match error {
        ApiError::Unauthorized | ApiError::Denied | ApiError::Refused(_) => true,
        ApiError::Vendor(error) => matches!(
            error,
            VendorError::NoTurn { .. } | VendorError::Suspended { .. } | VendorError::Throttled { .. }
        ),
    }
}

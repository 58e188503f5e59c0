//! What the caller is told when the vendor refuses at once.

use waybill_domain::{Fault, codes};
use waybill_store::tables::wco_cases::WcoCase;

use crate::api::{ApiError, Refusal};
use crate::cases::{Stopped, open_subject};
use crate::service::Wco;

/// A refusal: what the caller is told, and what the row keeps of it.
pub(super) struct Refused {
    pub fault: Fault,
    pub reason: String,
}

impl Wco {
    /// The refusal in what stopped a registration; none when it can go on later.
    pub(super) fn refused(&self, stopped: &Stopped, cases: &[WcoCase]) -> Option<Refused> {
        match stopped {
            Stopped::Api(ApiError::Unauthorized) => {
                Some(Refused { fault: codes::vendor_unauthorized(), reason: "INVALID-API-KEY".to_owned() })
            }
            Stopped::Api(ApiError::Refused(refusal)) => {
                let fault = codes::bad_request(&self.words(refusal, cases));
                Some(Refused { fault, reason: refusal.reason() })
            }
            _ => None,
        }
    }

    /// The vendor's words, without what was asked.
    fn words(&self, refusal: &Refusal, cases: &[WcoCase]) -> String {
        let subjects = cases.iter().map(|case| open_subject(&self.ctx.vault, case));
        let Ok(Some(subjects)) = subjects.collect::<Result<Option<Vec<_>>, _>>() else {
            return refusal.reason();
        };
        refusal.words(subjects.iter().flat_map(|subject| subject.personal()))
    }
}

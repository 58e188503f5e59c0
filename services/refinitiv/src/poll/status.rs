//! How far the vendor is with many cases, in as few questions as possible.

use std::collections::HashMap;

use crate::api::{ApiError, MOST_AT_ONCE, ScreeningAsked, Standing};
use crate::service::Wco;

/// What is known of each case, by the vendor's id; the failure of the question it was in otherwise.
pub(super) type Standings = HashMap<String, Result<Standing, ApiError>>;

impl Wco {
    /// Asks for 50 at a time. A question that is refused because of one of them is asked again in halves.
    pub(super) async fn standings(&self, asked: &[ScreeningAsked]) -> Standings {
        let mut standings = Standings::new();
        let mut open: Vec<&[ScreeningAsked]> = asked.chunks(MOST_AT_ONCE).collect();
        while let Some(part) = open.pop() {
            let error = if self.is_refused() {
                ApiError::Unauthorized
            } else {
                match self.api.screening_status(part, self.unhurried()).await {
                    Ok(found) => {
                        let ids = part.iter().map(|case| case.case_system_id.clone());
                        standings.extend(ids.zip(found.into_iter().map(Ok)));
                        continue;
                    }
                    Err(error) => error,
                }
            };
            if matches!(error, ApiError::Refused(_)) && part.len() > 1 {
                let (one, other) = part.split_at(part.len() / 2);
                open.extend([one, other]);
                continue;
            }
            if matches!(error, ApiError::Unauthorized) {
                self.key_refused();
            }
            standings.extend(part.iter().map(|case| (case.case_system_id.clone(), Err(error.clone()))));
        }
        standings
    }
}

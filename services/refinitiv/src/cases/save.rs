//! Keeps what was achieved with a case, as long as the request is ours.

use waybill_store::StoreError;
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results;

use crate::service::Wco;

impl Wco {
    /// Stores a case, and begins the lease anew.
    ///
    /// # Errors
    /// [`StoreError::GuardLost`] when the request is somebody else's.
    pub(super) async fn save(&self, worker: &str, case: &WcoCase) -> Result<(), StoreError> {
        let work = (worker.to_owned(), case.clone(), self.ctx.clock.now(), self.pacing.lease);
        let write = self.ctx.store.write("wco::save_case", work, |tx, (worker, case, now, lease)| {
            Box::pin(async move {
                wco_results::renew(tx, &case.request_id, worker, *lease).await?;
                wco_cases::update(tx, case, *now).await
            })
        });
        write.await
    }
}

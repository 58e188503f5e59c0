//! Makes commands due again whose worker died or was cut off.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, Expired};

use crate::shared::Shared;

/// Looks again and again, in every process: whoever looks first finds them.
pub(crate) async fn watch_leases(shared: Arc<Shared>, stopping: CancellationToken) {
    let most = shared.options.most_lost;
    waybill_metrics::leases_expired(0, 0);
    loop {
        tokio::select! {
            () = tokio::time::sleep(shared.options.lease_check) => {}
            () = stopping.cancelled() => return,
        }
        let expired = shared
            .store
            .write("commands::requeue_expired", most, |tx, most| {
                Box::pin(commands::requeue_expired(tx, *most))
            })
            .await;
        match expired {
            Ok(Expired { requeued, given_up }) => {
                waybill_metrics::leases_expired(requeued, given_up);
                if given_up > 0 {
                    tracing::error!(
                        alarm = "dead-letter",
                        given_up,
                        "commands are given up: whoever took them was lost"
                    );
                }
                if requeued > 0 {
                    tracing::warn!(requeued, "leases expired: the commands are handed out again");
                    shared.wake_all();
                }
            }
            Err::<_, StoreError>(error) => {
                shared.tell(&error, None, "expired leases could not be looked for");
            }
        }
    }
}

//! Requests that are due.

use waybill_domain::{Clock as _, Direction, KytApiType, ScreeningOrigin, Timestamp, VaspId};
use waybill_runtime::SystemClock;
use waybill_store::tables::kyt_results::{self, NewKyt};
use waybill_store::{Store, StoreError};

use crate::row::uuid;

const AT_ONCE: u64 = 500;

/// Adds so many that the vendor has taken on and that are due now.
pub async fn fill(store: &Store, rows: u64) -> anyhow::Result<()> {
    for first in (0..rows).step_by(AT_ONCE as usize) {
        let work = store.write("bench::fill", first, move |tx, first| {
            Box::pin(async move {
                for number in *first..(*first + AT_ONCE).min(rows) {
                    kyt_results::insert(tx, &new_row(number, SystemClock.now())).await?;
                }
                Ok(())
            })
        });
        work.await.map_err(|error: StoreError| error)?;
    }
    Ok(())
}

fn new_row(number: u64, at: Timestamp) -> NewKyt {
    NewKyt {
        request_id: uuid(number).to_string(),
        verification_uuid: uuid(number),
        counterparty_vasp_id: VaspId::new(27_372_039_731_940_770),
        api_type: KytApiType::Transfer,
        user_id: "27372039731940770".to_owned(),
        direction: Direction::Outgoing,
        network: Some("ETHEREUM".to_owned()),
        asset: "ETH".to_owned(),
        amount: "1".to_owned(),
        transfer_ref: Some(format!("0x{number:064x}:0x5811001506550d8356a215be229c15b6ef371a9b")),
        output_address: None,
        address: "0x5811001506550d8356a215be229c15b6ef371a9b".to_owned(),
        timestamp: None,
        key_id: None,
        origin: ScreeningOrigin::Api,
        external_id: Some(format!("external-{number}")),
        registered_at: Some(at),
        shares_request: None,
        traceparent: None,
        created_at: at,
        lease: None,
    }
}

//! Limits that vendors set to a credential. All processes take their turns from one row, by the database's clock.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::sql::{Dialect, values};
use crate::{StoreError, Tx};

/// Turns that were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// The database's time when they were taken, microseconds since 1970.
    pub now_us: i64,
    /// When the first of them is, microseconds since 1970; the others follow one interval apart.
    pub first_us: i64,
    /// The vendor asked everybody to wait until then: no turn was taken.
    pub paused_until: Option<Timestamp>,
}

/// Takes `turns` turns of a limit: one in each `interval`, of which `burst` may be had at once after a rest. By the
/// database's clock, or by `now`, where a test turns it.
///
/// # Errors
/// [`StoreError`].
pub async fn reserve(
    tx: &mut Tx,
    name: &str,
    interval: Duration,
    burst: u32,
    turns: u32,
    now: Option<Timestamp>,
) -> Result<Reserved, StoreError> {
    let row = loop {
        let find = match tx.dialect() {
            Dialect::Sqlite => {
                "/* vendor_limits::find */ SELECT next_slot_us, paused_until, {now} AS now_there FROM vendor_limits
                 WHERE name = ?"
            }
            _ => {
                "/* vendor_limits::find */ SELECT next_slot_us, paused_until, {now} AS now_there FROM vendor_limits
                 WHERE name = ? FOR UPDATE"
            }
        };
        if let Some(row) = tx.fetch_optional(find, values![name]).await? {
            break row;
        }
        tx.insert(
            "/* vendor_limits::first */ INSERT INTO vendor_limits (name, next_slot_us, updated_at)
             VALUES (?, 0, {now}) {unless there}",
            values![name],
        )
        .await?;
    };
    let now = match now {
        Some(now) => now,
        None => row.time("now_there")?,
    };
    let now_us = now.timestamp_micros();
    if let Some(until) = row.opt_time("paused_until")?.filter(|until| *until > now) {
        return Ok(Reserved { now_us, first_us: now_us, paused_until: Some(until) });
    }
    let interval_us = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
    let at_once = interval_us.saturating_mul(i64::from(burst.saturating_sub(1)));
    let first_us = row.int("next_slot_us")?.max(now_us.saturating_sub(at_once));
    let next_us = first_us.saturating_add(interval_us.saturating_mul(i64::from(turns)));
    tx.execute(
        "/* vendor_limits::take */ UPDATE vendor_limits SET next_slot_us = ?, updated_at = {now} WHERE name = ?",
        values![next_us, name],
    )
    .await?;
    Ok(Reserved { now_us, first_us, paused_until: None })
}

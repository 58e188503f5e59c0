//! Limits that vendors set to our calls, shared by all processes and kept over restarts: the next free slot of each, and
//! how long a vendor wants to be left alone. All by the database's clock.

use std::time::Duration;

use waybill_domain::{SlotRule, Timestamp};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// Slots are not given further ahead than this. What is noted further ahead was so before the clock was set back.
pub const FURTHEST: Duration = Duration::from_secs(120);
/// Where a vendor asks for a pause and names no time: the first one, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_OWN_PAUSE: Duration = Duration::from_secs(300);
/// After so long without a pause the next one is a first one again.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(120);
/// Enough for the longest.
const MOST_PAUSES: u32 = 16;

/// A limit.
#[derive(Debug, Clone)]
pub struct VendorLimit {
    /// Its name: the API and the credential.
    pub name: String,
    /// Its slots.
    pub rule: SlotRule,
    /// A pause that would last longer was noted before the clock was set back, and is over.
    pub longest_pause: Duration,
}

/// Who wants slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How many.
    pub count: u32,
    /// Not later than this from now, and than [`FURTHEST`].
    pub within: Duration,
}

/// What is known of a limit, and the slots that were taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The slots, in order; microseconds since 1970 by the database's clock. None while there is a pause.
    pub slots: Vec<i64>,
    /// The first slot that is free now.
    pub next: i64,
    /// What is left of the pause that the vendor asked for.
    pub paused_for: Duration,
    /// The time there.
    pub now: Timestamp,
}

/// Takes slots for one after the other of those who want some.
///
/// # Errors
/// [`StoreError`].
pub async fn reserve(tx: &mut Tx, limit: &VendorLimit, wanted: &[Wanted]) -> Result<Standing, StoreError> {
    reserve_by(tx, limit, wanted, None).await
}

/// The same at a time that is passed in.
///
/// # Errors
/// [`StoreError`].
pub async fn reserve_at(
    tx: &mut Tx,
    limit: &VendorLimit,
    wanted: &[Wanted],
    now: Timestamp,
) -> Result<Standing, StoreError> {
    reserve_by(tx, limit, wanted, Some(now)).await
}

async fn reserve_by(
    tx: &mut Tx,
    limit: &VendorLimit,
    wanted: &[Wanted],
    now: Option<Timestamp>,
) -> Result<Standing, StoreError> {
    let Held { standing: found, noted_next, .. } = hold(tx, limit, now).await?;
    if !found.paused_for.is_zero() {
        return Ok(found);
    }
    let taken = take(limit, found, wanted);
    if taken.next != noted_next {
        tx.execute_one(
            "/* vendor_limits::take */ UPDATE vendor_limits SET next_slot_us = ?, updated_at = {now} WHERE name = ?",
            values![taken.next, &limit.name],
            "vendor_limits",
        )
        .await?;
    }
    Ok(taken)
}

fn take(limit: &VendorLimit, mut found: Standing, wanted: &[Wanted]) -> Standing {
    let now = found.now.timestamp_micros();
    for wanted in wanted {
        let until = now + micros(wanted.within.min(FURTHEST));
        let taken = limit.rule.take(found.next, now, wanted.count, until);
        found.slots.extend((0..taken.count).map(|number| limit.rule.nth(&taken, number)));
        found.next = taken.next;
    }
    found
}

/// Notes that nobody calls for as long as the vendor `asked` from now; a longer pause that is noted already stays. Where it
/// named no time the pause is 1 s, and twice as long each time in a row, spread by `jitter` (0 to 255). Returns what is
/// left of the pause.
///
/// # Errors
/// [`StoreError`].
pub async fn pause(
    tx: &mut Tx,
    limit: &VendorLimit,
    asked: Option<Duration>,
    jitter: u8,
) -> Result<Duration, StoreError> {
    let Held { standing, pauses, quiet_for, .. } = hold(tx, limit, None).await?;
    let (length, pauses) = match asked {
        Some(asked) => (asked.min(limit.longest_pause), 0),
        // Calls that were under way when it began: one answer after the other says the same.
        None if !standing.paused_for.is_zero() => return Ok(standing.paused_for),
        None => {
            let in_a_row = if quiet_for.is_none_or(|quiet| quiet > FORGOTTEN_AFTER) { 0 } else { pauses };
            (
                own_pause(in_a_row, jitter).min(limit.longest_pause),
                in_a_row.saturating_add(1).min(MOST_PAUSES),
            )
        }
    };
    if length > standing.paused_for {
        tx.execute_one(
            "/* vendor_limits::pause */ UPDATE vendor_limits SET paused_until = {now+ms}, pauses = ?, updated_at = {now}
             WHERE name = ?",
            values![length, pauses, &limit.name],
            "vendor_limits",
        )
        .await?;
    }
    Ok(length.max(standing.paused_for))
}

fn own_pause(in_a_row: u32, jitter: u8) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(in_a_row)).min(LONGEST_OWN_PAUSE);
    doubled + doubled * u32::from(jitter) / (4 * 255)
}

/// What is known of a limit, without taking anything; `None` when it was never used.
///
/// # Errors
/// [`StoreError`].
pub async fn look(tx: &mut Tx, limit: &VendorLimit) -> Result<Option<Standing>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* vendor_limits::look */ SELECT next_slot_us, paused_until, pauses, {now} AS now_there
             FROM vendor_limits WHERE name = ?",
            values![&limit.name],
        )
        .await?;
    Ok(row.map(|row| read(&row, limit, None)).transpose()?.map(|held| held.standing))
}

/// A row that nobody else changes before the end of the transaction.
struct Held {
    standing: Standing,
    /// The next slot as it stands there: later than anybody can have taken, where the clock was set back.
    noted_next: i64,
    /// Pauses in a row for which the vendor named no time.
    pauses: u32,
    /// Since the last pause, if there was one.
    quiet_for: Option<Duration>,
}

async fn hold(tx: &mut Tx, limit: &VendorLimit, now: Option<Timestamp>) -> Result<Held, StoreError> {
    if let Some(held) = find(tx, limit, now).await? {
        return Ok(held);
    }
    tx.insert(
        "/* vendor_limits::first */ INSERT INTO vendor_limits (name, next_slot_us, updated_at)
         VALUES (?, ?, {now}) {unless there}",
        values![&limit.name, 0_i64],
    )
    .await?;
    find(tx, limit, now).await?.ok_or(StoreError::GuardLost("vendor_limits"))
}

async fn find(tx: &mut Tx, limit: &VendorLimit, now: Option<Timestamp>) -> Result<Option<Held>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* vendor_limits::find */ SELECT next_slot_us, paused_until, pauses, {now} AS now_there
             FROM vendor_limits WHERE name = ? {for update}",
            values![&limit.name],
        )
        .await?;
    row.map(|row| read(&row, limit, now)).transpose()
}

fn read(row: &Row, limit: &VendorLimit, now: Option<Timestamp>) -> Result<Held, StoreError> {
    let now = now.map_or_else(|| row.time("now_there"), Ok)?;
    let paused_until = row.opt_time("paused_until")?;
    let left = paused_until.and_then(|until| (until - now).to_std().ok());
    let paused_for = left.filter(|left| *left <= limit.longest_pause).unwrap_or_default();
    // Nobody can have taken slots further ahead: going on from there still keeps the distance to all of them.
    let furthest = now.timestamp_micros() + micros(FURTHEST) + limit.rule.spacing();
    let noted_next = row.int("next_slot_us")?;
    let next = noted_next.min(furthest);
    Ok(Held {
        standing: Standing { slots: Vec::new(), next, paused_for, now },
        noted_next,
        pauses: row.count("pauses")?,
        quiet_for: paused_until.and_then(|until| (now - until).to_std().ok()),
    })
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

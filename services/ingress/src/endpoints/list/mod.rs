//! `GET /v1/verifications`: all verifications, newest first, page by page.

mod cursor;
mod describe;
mod filter;
mod page;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use waybill_domain::VaspId;
use waybill_store::tables::verifications::{self, COUNT_LIMIT, Cursor, ListFilter, VerificationRow};
use waybill_store::{StoreError, Tx};

use crate::callers::Caller;
use crate::ingress::SharedIngress;
use crate::reading::Query;
use crate::refused::Refused;
use crate::render::Record;

use self::page::PageRequest;

pub(crate) use describe::operation;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    count: u32,
    count_is_exact: bool,
    page: u32,
    rpp: u32,
    next_cursor: Option<String>,
    verifications: Vec<Record>,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    query: Query,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let filter = filter::read(&query)?;
    let page = page::read(&query, &ctx.vault)?;
    let (rpp, number) = (page.rpp, page.number);
    let wanted = (ctx.own_id, filter, page);
    let (count, mut rows) =
        ctx.store.read("list_verifications", wanted, |tx, wanted| Box::pin(load(tx, wanted))).await?;
    let more = rows.len() > rpp as usize;
    rows.truncate(rpp as usize);
    let last = rows.last().filter(|_| more);
    let next_cursor =
        last.map(|row| cursor::write(Cursor { created_at: row.created_at, id: row.id }, &ctx.vault));
    let with_personal_data = caller.sees_personal_data();
    let records = rows.into_iter().map(|row| Record::of(row, &ctx.vault, with_personal_data));
    Ok(Json(Answer {
        count,
        count_is_exact: count < COUNT_LIMIT,
        page: number,
        rpp,
        next_cursor,
        verifications: records.collect::<Result<_, _>>()?,
    }))
}

/// The number of matches, and the page with one row more: whether there is a next page.
async fn load(
    tx: &mut Tx,
    (own_id, filter, page): &(VaspId, ListFilter, PageRequest),
) -> Result<(u32, Vec<VerificationRow>), StoreError> {
    let rows = verifications::list(tx, *own_id, filter, page.part, page.rpp + 1).await?;
    Ok((verifications::count(tx, *own_id, filter).await?, rows))
}

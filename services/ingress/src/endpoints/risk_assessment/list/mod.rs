//! `GET /v1/risk-assessment`: all risk assessments, newest first, page by page.

mod cursor;
mod describe;
mod filter;
mod page;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use waybill_store::tables::history::{self, Assessment, HistoryFilter};
use waybill_store::{StoreError, Tx};

use super::entry::{Details, Entry};
use crate::callers::Caller;
use crate::ingress::SharedIngress;
use crate::reading::Query;
use crate::refused::Refused;

use self::page::PageRequest;

pub(crate) use describe::operation;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    next_cursor: Option<String>,
    risk_assessments: Vec<Entry>,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    query: Query,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let wanted = (filter::read(&query)?, page::read(&query, &ctx.vault)?);
    let found = ctx.store.read("list_risk_assessments", wanted, |tx, wanted| Box::pin(load(tx, wanted)));
    let Page { found, more, mut details } = found.await?;
    let last = found.last().filter(|_| more).map(Assessment::cursor);
    let next_cursor = last.map(|cursor| cursor::write(&cursor, &ctx.vault));
    let with_personal_data = caller.sees_personal_data();
    let entries = found.into_iter().map(|one| Entry::of(one, &mut details, &ctx.vault, with_personal_data));
    Ok(Json(Answer { next_cursor, risk_assessments: entries.collect::<Result<_, _>>()? }))
}

struct Page {
    found: Vec<Assessment>,
    more: bool,
    details: Details,
}

/// Reads one more than the page has: whether there is a next page.
async fn load(tx: &mut Tx, (filter, page): &(HistoryFilter, PageRequest)) -> Result<Page, StoreError> {
    let mut found = history::list(tx, filter, page.after.as_ref(), page.limit + 1).await?;
    let more = found.len() > page.limit as usize;
    found.truncate(page.limit as usize);
    let details = Details::load(tx, &found).await?;
    Ok(Page { found, more, details })
}

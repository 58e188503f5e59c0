//! From a filter to the conditions on one table, written so that one index answers the query in the order wanted.
//!
//! Only the condition that narrows most is written so that an index fits it; the others are merely checked.

use waybill_domain::{SanctionStatus, ScreeningStatus, ScreeningVendor};

use super::{HistoryCursor, HistoryFilter};
use crate::sql::Value;

/// The table of a vendor's assessments.
const fn table(vendor: ScreeningVendor) -> &'static str {
    match vendor {
        ScreeningVendor::ChainalysisSanction => "chainalysis_sanction_results",
        ScreeningVendor::ChainalysisKyt => "chainalysis_kyt_results",
        ScreeningVendor::RefinitivWco => "refinitiv_wco_results",
    }
}

fn knows(vendor: ScreeningVendor, status: &str) -> bool {
    match vendor {
        ScreeningVendor::ChainalysisSanction => status.parse::<SanctionStatus>().is_ok(),
        _ => status.parse::<ScreeningStatus>().is_ok(),
    }
}

/// What gives one vendor's part of a page; `None` when nothing of it can match.
pub(super) fn query<'a>(
    vendor: ScreeningVendor,
    filter: &'a HistoryFilter,
    after: Option<&'a HistoryCursor>,
    limit: u32,
) -> Option<(String, Vec<Value<'a>>)> {
    if filter.vendor.is_some_and(|wanted| wanted != vendor)
        || filter.status.as_deref().is_some_and(|status| !knows(vendor, status))
    {
        return None;
    }
    let mut all = Conditions::default();
    all.equal("verification_uuid", filter.verification_uuid.map(Value::from));
    all.equal("counterparty_vasp_id", filter.counterparty.map(Value::from));
    all.equal("status", filter.status.as_deref().map(Value::from));
    all.equal("direction", filter.direction.map(|direction| Value::from(direction.as_str())));
    if let Some(from) = filter.from {
        all.add("created_at >= ?", [Value::from(from)]);
    }
    if let Some(before) = filter.before {
        all.add("created_at < ?", [Value::from(before)]);
    }
    if let Some(after) = after {
        // MySQL reads no range of an index for `(created_at, request_id) < (?, ?)`.
        let at = Value::from(after.created_at);
        let values = [at.clone(), at, Value::from(&after.request_id)];
        all.add("created_at <= ? AND (created_at < ? OR request_id < ?)", values);
    }
    let condition = all.clause();
    all.values.push(Value::from(limit));
    let statement = format!(
        "/* history::list */ SELECT * FROM {}{condition} ORDER BY created_at DESC, request_id DESC LIMIT ?",
        table(vendor)
    );
    Some((statement, all.values))
}

#[derive(Default)]
struct Conditions<'a> {
    texts: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Conditions<'a> {
    /// To be called from the column that narrows most to the one that narrows least.
    fn equal(&mut self, column: &str, value: Option<Value<'a>>) {
        let Some(value) = value else { return };
        let by_index = self.texts.is_empty();
        let text =
            if by_index { format!("{column} = ?") } else { format!("COALESCE({column}, {column}) = ?") };
        self.add(text, [value]);
    }

    fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Value<'a>>) {
        self.texts.push(text.into());
        self.values.extend(values);
    }

    fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!(" WHERE {}", self.texts.join(" AND ")) }
    }
}

//! From a filter to conditions, written so that one index of the right kind answers each query in the order wanted.
//!
//! Without statistics a database cannot know that our own id is on nearly every row and a hash on one. So only the
//! condition that narrows most is written so that an index fits it; the others are merely checked.

use waybill_domain::{Role, VaspId, VerificationResult};

use super::{Cursor, ListFilter, searchable_hash};
use crate::sql::{Dialect, Value};

pub(super) const NEWEST_FIRST: &str = "ORDER BY created_at DESC, verification_id DESC";

/// What is wanted, as one query or as several that share no row.
pub(super) struct Alternatives<'a>(Vec<Conditions<'a>>);

impl<'a> Alternatives<'a> {
    pub(super) fn of(own: VaspId, filter: &'a ListFilter, cursor: Option<Cursor>) -> Self {
        let sides = match (filter.role, filter.opposite) {
            // In either role: one query for each, because each role has an index of its own.
            (None, Some(opposite)) if opposite != own => {
                vec![Side { role: Role::Originator, opposite }, Side { role: Role::Beneficiary, opposite }]
            }
            (role, Some(opposite)) => vec![Side { role: role.unwrap_or(Role::Originator), opposite }],
            (_, None) => return Self(vec![Conditions::of(own, filter, None, cursor)]),
        };
        Self(sides.into_iter().map(|side| Conditions::of(own, filter, Some(side), cursor)).collect())
    }

    pub(super) fn select(&self, columns: &str) -> String {
        let queries =
            self.0.iter().map(|each| format!("SELECT {columns} FROM verifications{}", each.clause()));
        queries.collect::<Vec<_>>().join(" UNION ALL ")
    }

    /// The newest of each alternative: a server would otherwise collect all rows of all of them before it sorts.
    /// SQLite merges them in order.
    pub(super) fn select_newest(self, dialect: Dialect, newest: u64) -> (String, Vec<Value<'a>>) {
        if self.0.len() == 1 || dialect == Dialect::Sqlite {
            return (self.select("*"), self.values_and([]));
        }
        let newest = i64::try_from(newest).unwrap_or(i64::MAX);
        let (mut queries, mut values) = (Vec::new(), Vec::new());
        for (number, each) in self.0.into_iter().enumerate() {
            queries.push(format!(
                "SELECT * FROM (SELECT * FROM verifications{} {NEWEST_FIRST} LIMIT ?) AS side_{number}",
                each.clause()
            ));
            values.extend(each.values);
            values.push(Value::from(newest));
        }
        (queries.join(" UNION ALL "), values)
    }

    /// The values of the conditions, then `more`.
    pub(super) fn values_and<const N: usize>(self, more: [Value<'a>; N]) -> Vec<Value<'a>> {
        self.0.into_iter().flat_map(|each| each.values).chain(more).collect()
    }
}

/// Our role, and who has the other one.
#[derive(Clone, Copy)]
struct Side {
    role: Role,
    opposite: VaspId,
}

struct Conditions<'a> {
    texts: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Conditions<'a> {
    fn of(own: VaspId, filter: &'a ListFilter, side: Option<Side>, cursor: Option<Cursor>) -> Self {
        let mut all = Self { texts: Vec::new(), values: Vec::new() };
        for (column, text) in [("symbol", &filter.symbol), ("network", &filter.network)] {
            if let Some(text) = text {
                all.equal(column, Value::from(text), true);
            }
        }
        all.results(&filter.results);
        all.narrowing(own, filter, side);
        all.times(filter, cursor);
        all
    }

    /// From the column that narrows most to the one that narrows least.
    fn narrowing(&mut self, own: VaspId, filter: &'a ListFilter, side: Option<Side>) {
        let role = side.map(|side| side.role).or(filter.role);
        let (ours, theirs) = match role {
            Some(Role::Beneficiary) => ("beneficiary_vasp_id", "originating_vasp_id"),
            _ => ("originating_vasp_id", "beneficiary_vasp_id"),
        };
        let candidates = [
            ("tx_hash_search", filter.tx_hash.as_deref().map(searchable_hash).map(Value::from)),
            ("beneficiary_account_number", filter.beneficiary_account_number.as_ref().map(Value::from)),
            ("originator_account_number", filter.originator_account_number.as_ref().map(Value::from)),
            (theirs, side.map(|side| Value::from(side.opposite))),
        ];
        let mut indexed = false;
        for (column, value) in candidates {
            if let Some(value) = value {
                self.equal(column, value, !indexed);
                indexed = true;
            }
        }
        if role.is_some() {
            // Symbols, networks and results narrow more than our own id; the index on the time holds them.
            let alone = self.texts.is_empty();
            self.equal(ours, Value::from(own), alone);
        }
    }

    fn equal(&mut self, column: &str, value: Value<'a>, by_index: bool) {
        let text =
            if by_index { format!("{column} = ?") } else { format!("COALESCE({column}, {column}) = ?") };
        self.add(text, [value]);
    }

    fn results(&mut self, results: &'a [VerificationResult]) {
        if !results.is_empty() {
            let marks = vec!["?"; results.len()].join(", ");
            let values = results.iter().map(|result| Value::from(result.as_str()));
            self.add(format!("result IN ({marks})"), values);
        }
    }

    fn times(&mut self, filter: &ListFilter, cursor: Option<Cursor>) {
        if let Some(from) = filter.from {
            self.add("created_at >= ?", [Value::from(from)]);
        }
        if let Some(before) = filter.before {
            self.add("created_at < ?", [Value::from(before)]);
        }
        if let Some(cursor) = cursor {
            // MySQL reads no range of an index for `(created_at, verification_id) < (?, ?)`.
            let at = Value::from(cursor.created_at);
            let values = [at.clone(), at, Value::from(cursor.id)];
            self.add("created_at <= ? AND (created_at < ? OR verification_id < ?)", values);
        }
    }

    fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Value<'a>>) {
        self.texts.push(text.into());
        self.values.extend(values);
    }

    fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!(" WHERE {}", self.texts.join(" AND ")) }
    }
}

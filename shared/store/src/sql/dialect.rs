//! What differs between databases inside otherwise equal statements.
//!
//! # How to write one statement for three databases
//!
//! Write it for SQLite with `?` for values, and with these tokens where the databases differ:
//!
//! | token | meaning |
//! |---|---|
//! | `{now}` | the database's clock, UTC, milliseconds |
//! | `{now+ms}` | the same plus `?` milliseconds, a `Duration`; NULL stays NULL |
//! | `{unless there}` | ends an `INSERT` that does nothing when a unique key is taken; run it with [`Tx::insert`](crate::Tx) |
//! | `{update on (a, b)}` | between the `VALUES (…)` and the assignments of an upsert; `(a, b)` is the unique key |
//! | `{new.a}` | in those assignments, the value that was to be inserted |
//! | `{delete t by a, b}` | begins `{delete t by a, b} WHERE … ORDER BY … LIMIT ?`; `a, b` is the primary key of `t` |
//! | `{skip locked}` | ends a `SELECT … LIMIT ?` whose rows are changed next: no two transactions get the same ones |
//! | `{for update}` | ends a `SELECT` of one row by its key that is changed next: others who do the same wait |
//!
//! Rules:
//! - Every statement begins with `/* module::function */`, on the line of its first word: errors and slow-query logs
//!   name it.
//! - Values have types (text, number, flag, time, VASP id), also when they are `None`. Never write a time, a flag or
//!   an id as text. Read them back with the matching method of `Row`, VASP ids with `vasp_id`.
//! - No `LIMIT` inside `IN (…)`, no `RETURNING`, no `ON CONFLICT`, no `excluded`, no change of a table that the same
//!   statement reads (but for `{delete …}`): MySQL has none of them. Choose rows first, then change them by key,
//!   guarded by the state that was seen.
//! - No correctness by a partial index: MySQL has none. Put the column that tells into the index instead.
//! - On PostgreSQL a failed statement ends its transaction: nothing may be caught and worked around.
//! - Lists of ids come from `listed`: it keeps the number of different statements small.
//! - What has no common form at all: `match tx.dialect()`.

use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

/// A family of databases that understands the same statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    Sqlite,
    /// MySQL and MariaDB.
    MySql,
    Postgres,
}

type Rendered = HashMap<(Dialect, &'static str), &'static str>;

static RENDERED: LazyLock<RwLock<Rendered>> = LazyLock::new(Default::default);

impl Dialect {
    /// The statement as this database wants it. Kept for ever: there are as many as in the source.
    pub(crate) fn render(self, statement: &'static str) -> &'static str {
        if self == Self::Sqlite && !statement.contains('{') {
            return statement;
        }
        let key = (self, statement);
        if let Some(rendered) = RENDERED.read().ok().and_then(|known| known.get(&key).copied()) {
            return rendered;
        }
        let rendered: &'static str = self.render_built(statement).leak();
        if let Ok(mut known) = RENDERED.write() {
            known.insert(key, rendered);
        }
        rendered
    }

    /// The same for a statement that was put together at run time.
    pub(crate) fn render_built(self, statement: &str) -> String {
        let mut rendered = String::with_capacity(statement.len() + 64);
        let mut end = "";
        let mut rest = statement;
        while let Some((before, token, after)) = next_token(rest) {
            rendered.push_str(before);
            self.render_token(token, &mut rendered, &mut end);
            rest = after;
        }
        rendered.push_str(rest);
        rendered.push_str(end);
        if self == Self::Postgres { numbered(&rendered) } else { rendered }
    }

    fn render_token(self, token: &str, rendered: &mut String, end: &mut &'static str) {
        if let Some(key) = token.strip_prefix("update on ") {
            match self {
                Self::MySql => rendered.push_str("ON DUPLICATE KEY UPDATE"),
                _ => rendered.push_str(&format!("ON CONFLICT {key} DO UPDATE SET")),
            }
        } else if let Some(column) = token.strip_prefix("new.") {
            match self {
                Self::MySql => rendered.push_str(&format!("VALUES({column})")),
                _ => rendered.push_str(&format!("excluded.{column}")),
            }
        } else if let Some((table, key)) = token.strip_prefix("delete ").and_then(|it| it.split_once(" by "))
        {
            match self {
                Self::MySql => rendered.push_str(&format!("DELETE FROM {table}")),
                _ => {
                    rendered.push_str(&format!(
                        "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table}"
                    ));
                    *end = ")";
                }
            }
        } else {
            rendered.push_str(self.word(token));
        }
    }

    fn word(self, token: &str) -> &'static str {
        match (token, self) {
            ("now", Self::Sqlite) => "strftime('%Y-%m-%d %H:%M:%f', 'now')",
            ("now", Self::MySql) => "UTC_TIMESTAMP(3)",
            // Of the statement, not of the transaction: a transaction may have waited.
            ("now", Self::Postgres) => "date_trunc('milliseconds', statement_timestamp() AT TIME ZONE 'UTC')",
            ("now+ms", Self::Sqlite) => "strftime('%Y-%m-%d %H:%M:%f', 'now', (? / 1000.0) || ' seconds')",
            ("now+ms", Self::MySql) => "TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(3))",
            ("now+ms", Self::Postgres) => {
                "(date_trunc('milliseconds', statement_timestamp() AT TIME ZONE 'UTC') \
                 + ? * INTERVAL '1 millisecond')"
            }
            ("unless there", Self::MySql) => "", // the connection takes the refusal for the answer
            ("unless there", _) => "ON CONFLICT DO NOTHING",
            ("skip locked", Self::Sqlite) => "", // one writer
            ("skip locked", _) => "FOR UPDATE SKIP LOCKED",
            ("for update", Self::Sqlite) => "", // one writer
            ("for update", _) => "FOR UPDATE",
            // A token that nobody knows: the database refuses the statement, whoever first runs it sees it.
            _ => "{unknown token}",
        }
    }
}

/// What is before the next `{token}`, the token, and what is after it.
fn next_token(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (token, after) = rest.split_once('}')?;
    Some((before, token, after))
}

/// `?` becomes `$1`, `$2`, …; not within quotes.
fn numbered(statement: &str) -> String {
    let mut result = String::with_capacity(statement.len() + 32);
    let (mut number, mut quoted) = (0, false);
    for letter in statement.chars() {
        quoted ^= letter == '\'';
        if letter == '?' && !quoted {
            number += 1;
            result.push_str(&format!("${number}"));
        } else {
            result.push(letter);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::MySql, Dialect::Postgres];

    #[test]
    fn a_statement_is_rendered_once_for_each_database() {
        for dialect in ALL {
            let rendered = dialect.render("UPDATE t SET a = {now}, b = {now+ms}");
            let again = dialect.render("UPDATE t SET a = {now}, b = {now+ms}");
            assert_eq!(rendered.as_ptr(), again.as_ptr());
            assert!(!rendered.contains('{'), "{rendered}");
        }
    }

    #[test]
    fn values_are_numbered_for_postgres_outside_of_quotes() {
        let rendered = Dialect::Postgres.render_built("SELECT '?', 'it''s ?', ? FROM t WHERE a = ? LIMIT ?");
        assert_eq!(rendered, "SELECT '?', 'it''s ?', $1 FROM t WHERE a = $2 LIMIT $3");
        assert_eq!(Dialect::MySql.render_built("a = ?"), "a = ?");
    }

    #[test]
    fn an_upsert_has_two_forms() {
        let upsert = "INSERT INTO t (a, b) VALUES (?, ?) {update on (a)} b = {new.b}";
        let [sqlite, mysql, postgres] = ALL.map(|dialect| dialect.render_built(upsert));
        assert_eq!(sqlite, "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b");
        assert_eq!(mysql, "INSERT INTO t (a, b) VALUES (?, ?) ON DUPLICATE KEY UPDATE b = VALUES(b)");
        assert_eq!(postgres, numbered(&sqlite));
    }

    #[test]
    fn a_limited_deletion_has_two_forms() {
        let deletion = "/* t::purge */ {delete t by a, b} WHERE c < ? ORDER BY c LIMIT ?";
        let [sqlite, mysql, postgres] = ALL.map(|dialect| dialect.render_built(deletion));
        assert_eq!(mysql, "/* t::purge */ DELETE FROM t WHERE c < ? ORDER BY c LIMIT ?");
        assert_eq!(
            sqlite,
            "/* t::purge */ DELETE FROM t WHERE (a, b) IN (SELECT a, b FROM t WHERE c < ? ORDER BY c LIMIT ?)"
        );
        assert_eq!(postgres, numbered(&sqlite));
    }
}

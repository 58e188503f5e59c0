//! What differs between databases inside otherwise equal statements.
//!
//! `{now}` is the database's clock; `{now+ms}` takes one argument, a number of milliseconds to add.

use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

const NOW: &str = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
const NOW_PLUS: &str = "strftime('%Y-%m-%d %H:%M:%f', 'now', (? / 1000.0) || ' seconds')";

static RENDERED: LazyLock<RwLock<HashMap<&'static str, &'static str>>> = LazyLock::new(Default::default);

/// The statement as SQLite wants it. Kept for ever: there are as many as in the source.
pub(crate) fn render(statement: &'static str) -> &'static str {
    if !statement.contains("{now") {
        return statement;
    }
    if let Some(rendered) = RENDERED.read().ok().and_then(|known| known.get(statement).copied()) {
        return rendered;
    }
    let rendered: &'static str = statement.replace("{now+ms}", NOW_PLUS).replace("{now}", NOW).leak();
    if let Ok(mut known) = RENDERED.write() {
        known.insert(statement, rendered);
    }
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_the_databases() {
        let rendered = render("UPDATE t SET a = {now}, b = {now+ms}");
        assert_eq!(rendered, format!("UPDATE t SET a = {NOW}, b = {NOW_PLUS}"));
        assert_eq!(
            rendered.as_ptr(),
            render("UPDATE t SET a = {now}, b = {now+ms}").as_ptr(),
            "rendered once"
        );
    }
}

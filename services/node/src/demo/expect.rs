//! What a step promises, compared with what came.

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::http::Reply;

/// The field at a JSON pointer has this value.
pub fn field(body: &Value, pointer: &str, expected: impl Into<Value>) -> anyhow::Result<()> {
    let (expected, found) = (expected.into(), body.pointer(pointer).unwrap_or(&Value::Null));
    ensure!(*found == expected, "`{}` should be {expected} and is {found}", dotted(pointer));
    Ok(())
}

/// The text at a JSON pointer.
pub fn text<'a>(body: &'a Value, pointer: &str) -> anyhow::Result<&'a str> {
    body.pointer(pointer).and_then(Value::as_str).with_context(|| format!("`{}` is no text", dotted(pointer)))
}

/// Status and, for a refusal, its code.
pub fn status(reply: &Reply, expected: u16) -> anyhow::Result<()> {
    ensure!(reply.status.as_u16() == expected, "the answer should be {expected} and is {}", told(reply));
    Ok(())
}

/// Status and, for a refusal, its code, as text.
pub fn told(reply: &Reply) -> String {
    let code = reply.body["code"].as_str().map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}{code}", reply.status.as_u16())
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named() {
        let body = json!({"a": {"b": "VERIFIED"}});
        assert!(field(&body, "/a/b", "VERIFIED").is_ok());
        let wrong = field(&body, "/a/b", "DENIED").unwrap_err().to_string();
        assert_eq!(wrong, r#"`a.b` should be "DENIED" and is "VERIFIED""#);
        assert_eq!(field(&body, "/c", 1).unwrap_err().to_string(), "`c` should be 1 and is null");
        assert_eq!(text(&body, "/a/b").unwrap(), "VERIFIED");
        assert_eq!(text(&body, "/a").unwrap_err().to_string(), "`a` is no text");
    }

    #[test]
    fn a_refusal_is_told_with_its_code() {
        let reply = Reply {
            status: StatusCode::BAD_GATEWAY,
            body: json!({"code": "COUNTERPARTY-REFUSED", "message": "no"}),
            took: Duration::ZERO,
            retry_after: None,
        };
        assert!(status(&reply, 502).is_ok());
        let wrong = status(&reply, 200).unwrap_err().to_string();
        assert_eq!(wrong, "the answer should be 200 and is 502 COUNTERPARTY-REFUSED");
    }
}

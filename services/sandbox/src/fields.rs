//! Reading fields of a request by dotted path. `null` counts as absent.

use serde_json::Value;
use waybill_domain::{Fault, VaspId, VerificationUuid};

/// The value at a dotted path.
pub(crate) fn find<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(body, |value, key| value.get(key)).filter(|value| !value.is_null())
}

/// A mandatory text that is not empty.
pub(crate) fn text<'a>(body: &'a Value, path: &str) -> Result<&'a str, Fault> {
    optional_text(body, path)?.ok_or_else(|| Fault::missing(path))
}

/// A text that may be absent.
pub(crate) fn optional_text<'a>(body: &'a Value, path: &str) -> Result<Option<&'a str>, Fault> {
    match find(body, path) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(Fault::invalid(path)),
    }
}

/// A mandatory `true` or `false`.
pub(crate) fn flag(body: &Value, path: &str) -> Result<bool, Fault> {
    find(body, path).ok_or_else(|| Fault::missing(path))?.as_bool().ok_or_else(|| Fault::invalid(path))
}

/// A mandatory object.
pub(crate) fn object<'a>(body: &'a Value, path: &str) -> Result<&'a Value, Fault> {
    let value = find(body, path).ok_or_else(|| Fault::missing(path))?;
    if value.is_object() { Ok(value) } else { Err(Fault::invalid(path)) }
}

/// A mandatory VASP id.
pub(crate) fn vasp_id(body: &Value, path: &str) -> Result<VaspId, Fault> {
    text(body, path)?.parse().map_err(|_| Fault::invalid(path))
}

/// The mandatory `verificationUuid`.
pub(crate) fn verification_uuid(body: &Value) -> Result<VerificationUuid, Fault> {
    text(body, "verificationUuid")?.parse().map_err(|_| Fault::invalid("verificationUuid"))
}

/// Items of a list that may be absent; a single value counts as a list of one, as some senders write it.
pub(crate) fn each<'a>(body: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    match find(body, path) {
        None => [].iter(),
        Some(Value::Array(items)) => items.iter(),
        Some(single) => std::slice::from_ref(single).iter(),
    }
}

/// Where the beneficiary's account stands, at both endpoints that carry one.
pub(crate) const BENEFICIARY_ACCOUNT: &str = "ivms101.beneficiary.accountNumber";

/// The one account of the beneficiary.
pub(crate) fn beneficiary_account(body: &Value) -> Result<&str, Fault> {
    let accounts = find(body, BENEFICIARY_ACCOUNT).ok_or_else(|| Fault::missing(BENEFICIARY_ACCOUNT))?;
    match accounts.as_array().map(Vec::as_slice) {
        Some([Value::String(account)]) if !account.is_empty() => Ok(account),
        Some([]) => Err(Fault::missing(BENEFICIARY_ACCOUNT)),
        _ => Err(Fault::invalid(BENEFICIARY_ACCOUNT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_is_absent_and_a_wrong_type_is_invalid() {
        let body = json!({"a": {"b": "x", "n": null, "i": 1, "t": true}});
        assert_eq!(text(&body, "a.b").unwrap(), "x");
        assert_eq!(optional_text(&body, "a.n").unwrap(), None);
        assert_eq!(text(&body, "a.n").unwrap_err().code, "MISSING-N");
        assert_eq!(text(&body, "a.i").unwrap_err().code, "INVALID-I");
        assert_eq!(flag(&body, "a.b").unwrap_err().code, "INVALID-B");
        assert!(flag(&body, "a.t").unwrap());
        assert_eq!(object(&body, "a.b").unwrap_err().code, "INVALID-B");
    }

    #[test]
    fn exactly_one_account_is_taken() {
        let account = |accounts: Value| {
            beneficiary_account(&json!({"ivms101": {"beneficiary": {"accountNumber": accounts}}}))
                .map(str::to_owned)
                .map_err(|fault| fault.code.into_owned())
        };
        assert_eq!(account(json!(["0x1"])).as_deref(), Ok("0x1"));
        assert_eq!(account(json!([])).unwrap_err(), "MISSING-ACCOUNT-NUMBER");
        assert_eq!(account(json!("0x1")).unwrap_err(), "INVALID-ACCOUNT-NUMBER");
        assert_eq!(account(json!(["0x1", "0x2"])).unwrap_err(), "INVALID-ACCOUNT-NUMBER");
    }
}

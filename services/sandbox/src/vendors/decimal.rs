//! Numbers as vendors print them: text of their own, never through floating point.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The text of a JSON number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal(String);

impl Decimal {
    /// A text that is a JSON number, exponents included.
    pub(super) fn new(text: &str) -> Option<Self> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        (is_number && serde_json::from_str::<&RawValue>(text).is_ok()).then(|| Self(text.to_owned()))
    }

    /// A number of a request: plain, or in quotes as some clients send it.
    pub(super) fn of_request(raw: &RawValue) -> Option<Self> {
        Self::new(raw.get().trim_matches('"'))
    }

    /// The product with two decimals, rounded half up, without trailing zeros. `None` for exponents and what is too long.
    pub(super) fn times(&self, price: &str) -> Option<Self> {
        let (amount, amount_scale) = parsed(&self.0)?;
        let (price, price_scale) = parsed(price)?;
        let product = amount.checked_mul(price)?;
        let scale = amount_scale + price_scale;
        let cents = match scale.checked_sub(2) {
            None | Some(0) => product.checked_mul(10_i128.checked_pow(2 - scale)?)?,
            Some(surplus) => {
                let unit = 10_i128.checked_pow(surplus)?;
                product.checked_add(unit / 2)?.div_euclid(unit)
            }
        };
        let text = format!("{}.{:02}", cents / 100, cents % 100);
        Some(Self(text.trim_end_matches('0').trim_end_matches('.').to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_positive(&self) -> bool {
        !self.0.starts_with('-')
    }
}

/// Digits without the point, and how many stood behind it. Not below zero.
fn parsed(text: &str) -> Option<(i128, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits || fraction.len() > 18 {
        return None;
    }
    Some((digits.parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact_and_short() {
        for (amount, price, product) in [
            ("1", "1820.17", "1820.17"),
            ("0.00150795", "94127.79", "141.94"),
            ("100", "1820.17", "182017"),
            ("1.5", "1820.17", "2730.26"),
            ("10", "1820.17", "18201.7"),
            ("0.0000001", "1820.17", "0"),
            ("2", "1", "2"),
        ] {
            let result = Decimal::new(amount).unwrap().times(price);
            assert_eq!(result.as_ref().map(Decimal::as_str), Some(product), "{amount} x {price}");
        }
        assert_eq!(Decimal::new("1e3").unwrap().times("2"), None);
        assert_eq!(Decimal::new(&"9".repeat(38)).unwrap().times("2.5"), None);
    }

    #[test]
    fn only_numbers_are_taken_and_their_text_stays() {
        for text in ["1820.170", "1e21", "1E-8", "0", "-1.5"] {
            assert_eq!(serde_json::to_string(&Decimal::new(text).unwrap()).unwrap(), text);
        }
        for text in ["", "01", "1.", "null", "\"1\"", "1 ", "NaN", "1e"] {
            assert_eq!(Decimal::new(text), None, "{text:?}");
        }
    }
}

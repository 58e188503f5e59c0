//! Decimal numbers as a vendor wrote them.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// The longest text of a number, exponent expanded.
const LONGEST: usize = 128;

/// A decimal number as text: `1820.17`. Read from a number or a text of JSON without passing through floating point: the
/// digits are those that were sent, zeros at the end included, and an exponent is written out.
///
/// It can be read from the text of a document only: not inside `#[serde(flatten)]` or an untagged enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Decimal(String);

/// Text that is not a decimal number, or one that is too long to be an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct DecimalError;

impl Decimal {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads a number as JSON writes it.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(DecimalError),
            None => (mantissa, ""),
        };
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let leads_with_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leads_with_zero || !is_number(whole) || !is_number(fraction) {
            return Err(DecimalError);
        }
        let digits = shifted(whole, fraction, exponent)?;
        Ok(Self(format!("{sign}{digits}")))
    }
}

fn read_exponent(text: &str) -> Result<i32, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError);
    }
    text.parse().map_err(|_| DecimalError)
}

/// The digits with the point moved, without needless zeros in front.
fn shifted(whole: &str, fraction: &str, exponent: i32) -> Result<String, DecimalError> {
    let digits = format!("{whole}{fraction}");
    let wholes = i32::try_from(whole.len()).map_err(|_| DecimalError)?;
    let point = wholes.checked_add(exponent).ok_or(DecimalError)?;
    if digits.len() > LONGEST || point.unsigned_abs() as usize > LONGEST {
        return Err(DecimalError);
    }
    let (whole, fraction) = if point <= 0 {
        (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize)))
    } else {
        let point = point as usize; // positive
        let padded = format!("{digits:0<point$}");
        (padded[..point].to_owned(), padded[point..].to_owned())
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    if text.len() > LONGEST { Err(DecimalError) } else { Ok(text) }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let wrong = || D::Error::invalid_value(Unexpected::Other("something else"), &"a decimal number");
        match raw.get() {
            text if text.starts_with('"') => {
                let text: String = serde_json::from_str(text).map_err(|_| wrong())?;
                text.parse().map_err(|_| wrong())
            }
            text => text.parse().map_err(|_| wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Option<String> {
        serde_json::from_str::<Decimal>(json).ok().map(String::from)
    }

    #[test]
    fn digits_are_those_that_were_sent() {
        for (sent, expected) in [
            ("1820.17", "1820.17"),
            ("1820.170", "1820.170"),
            ("1820", "1820"),
            ("0", "0"),
            ("0.00000001", "0.00000001"),
            ("1e21", "1000000000000000000000"),
            ("1E+21", "1000000000000000000000"),
            ("1e-8", "0.00000001"),
            ("1.50e-3", "0.00150"),
            ("1.5e0", "1.5"),
            ("12.345e2", "1234.5"),
            ("12.345e3", "12345"),
            ("0.5e1", "5"),
            ("0e5", "0"),
            ("-0.5", "-0.5"),
            ("99999999999999999999.123456789012345678901", "99999999999999999999.123456789012345678901"),
            ("\"1820.17\"", "1820.17"),
            ("\"1e3\"", "1000"),
            ("\"\\u0031\"", "1"),
        ] {
            assert_eq!(read(sent).as_deref(), Some(expected), "{sent}");
        }
    }

    #[test]
    fn what_is_no_decimal_number_is_refused() {
        let long = format!("1{}", "0".repeat(LONGEST));
        let texts =
            ["\"\"", "\"1,000\"", "\"+1\"", "\".5\"", "\"5.\"", "\" 1\"", "\"NaN\"", "\"0x1\"", "\"01\""];
        let others = ["null", "true", "[]", "{}", "[1]", "1e999", "1e-999", "1e99999999999999999999", &long];
        for sent in texts.into_iter().chain(others) {
            assert_eq!(read(sent), None, "{sent}");
        }
    }

    #[test]
    fn an_absent_number_is_none() {
        #[derive(Deserialize)]
        struct Alert {
            amount: Option<Decimal>,
            #[serde(default)]
            price: Option<Decimal>,
        }
        let alert: Alert = serde_json::from_str(r#"{"amount":null}"#).unwrap();
        assert!(alert.amount.is_none() && alert.price.is_none());
    }

    proptest! {
        #[test]
        fn plain_numbers_stay_as_they_are(whole in 0_u64.., fraction in "[0-9]{1,30}") {
            let text = format!("{whole}.{fraction}");
            prop_assert_eq!(read(&text), Some(text));
        }

        #[test]
        fn an_exponent_moves_the_point_only(digits in "[1-9][0-9]{0,20}", exponent in -40_i32..40) {
            let text = read(&format!("{digits}e{exponent}")).unwrap();
            prop_assert!(!text.contains(['e', 'E']));
            let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            prop_assert_eq!(fraction, usize::try_from(-exponent).unwrap_or(0));
            let significant = |text: &str| text.replace('.', "").trim_matches('0').to_owned();
            prop_assert_eq!(significant(&text), significant(&digits));
        }

        #[test]
        fn nothing_makes_it_panic(text in ".{0,40}") {
            let _ = text.parse::<Decimal>();
        }
    }
}

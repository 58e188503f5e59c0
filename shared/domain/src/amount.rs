//! Decimal amounts as text. Never floating point: 0.1 has no binary form.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits;

/// Text that is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a plain decimal number")]
pub struct AmountError;

/// A non-negative decimal number that keeps the text it was sent as.
///
/// Digits, optionally a point and more digits; at most 128 characters; no sign, exponent, space or grouping.
/// `==` compares the text; [`Amount::cmp_value`] compares the number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Amount(String);

impl Amount {
    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for 0, however it is written.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|byte| matches!(byte, b'0' | b'.'))
    }

    /// Exact comparison of the numbers: 1.50 equals 1.5.
    pub fn cmp_value(&self, other: &Self) -> Ordering {
        let (whole, fraction) = self.parts();
        let (other_whole, other_fraction) = other.parts();
        // Without leading zeros the longer whole number is the larger; without trailing zeros fractions sort as text.
        (whole.len().cmp(&other_whole.len()))
            .then_with(|| whole.cmp(other_whole))
            .then_with(|| fraction.cmp(other_fraction))
    }

    /// Whole part without leading zeros, fraction without trailing zeros.
    fn parts(&self) -> (&str, &str) {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((&self.0, ""));
        (whole.trim_start_matches('0'), fraction.trim_end_matches('0'))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.0)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let plain = match text.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(text),
        };
        if plain && text.len() <= limits::AMOUNT { Ok(Self(text.to_owned())) } else { Err(AmountError) }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn only_plain_decimals_are_amounts() {
        for good in ["0", "1", "1.5", "007", "0.000000000000000001", &"9".repeat(128)] {
            assert_eq!(amount(good).to_string(), good);
        }
        let too_long = "9".repeat(129);
        for bad in ["", ".", ".5", "5.", "-1", "+1", "1e3", " 1", "1 ", "1,5", "1.2.3", "٣", "NaN", &too_long]
        {
            assert_eq!(bad.parse::<Amount>(), Err(AmountError), "{bad:?}");
        }
        assert!(serde_json::from_str::<Amount>("1.5").is_err(), "a JSON number has lost its text already");
    }

    #[test]
    fn zero_has_many_spellings() {
        for zero in ["0", "00", "0.0", "000.000"] {
            assert!(amount(zero).is_zero());
            assert_eq!(amount(zero).cmp_value(&amount("0")), Ordering::Equal);
        }
        assert!(!amount("0.0001").is_zero());
    }

    #[test]
    fn values_compare_exactly() {
        assert_eq!(amount("1.50").cmp_value(&amount("1.5")), Ordering::Equal);
        assert_eq!(amount("01").cmp_value(&amount("1")), Ordering::Equal);
        assert_eq!(amount("9").cmp_value(&amount("10")), Ordering::Less);
        assert_eq!(amount("0.1").cmp_value(&amount("0.09")), Ordering::Greater);
        assert_eq!(amount("9007199254740993").cmp_value(&amount("9007199254740992")), Ordering::Greater);
    }

    proptest! {
        #[test]
        fn the_text_survives(text in "[0-9]{1,60}(\\.[0-9]{1,60})?") {
            let json = serde_json::to_string(&amount(&text)).unwrap();
            let read: Amount = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(read.as_str(), text);
        }

        #[test]
        fn any_text_is_an_amount_or_an_error(text in "\\PC{0,140}") {
            if let Ok(amount) = text.parse::<Amount>() {
                prop_assert_eq!(amount.as_str(), text);
            }
        }

        #[test]
        fn comparison_agrees_with_integers(a in any::<u32>(), b in any::<u32>(), scale in 1_usize..12) {
            // A number shifted right by `scale` digits keeps its order.
            let shift = |n: u32| {
                let digits = format!("{n:0>width$}", width = scale + 1);
                let (whole, fraction) = digits.split_at(digits.len() - scale);
                amount(&format!("{whole}.{fraction}"))
            };
            prop_assert_eq!(shift(a).cmp_value(&shift(b)), a.cmp(&b));
        }

        #[test]
        fn added_zeros_change_nothing(text in "[0-9]{1,20}\\.[0-9]{1,20}", front in 0_usize..5, back in 0_usize..5) {
            let padded = format!("{}{text}{}", "0".repeat(front), "0".repeat(back));
            prop_assert_eq!(amount(&padded).cmp_value(&amount(&text)), Ordering::Equal);
            prop_assert_eq!(amount(&padded).is_zero(), amount(&text).is_zero());
        }
    }
}

//! Enums that are text outside the program.

/// Text that is none of the names of an enum. Does not hold the text, which may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known values")]
pub struct UnknownName;

/// Declares an enum with one text for each value, and older texts that are read but never written:
/// `Denied = "DENIED" | "UNKNOWN"`. Gives `ALL`, `as_str`, `Display`, `FromStr` and serde by that text.
/// The crate that uses it needs `serde`.
#[macro_export]
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $text:literal $(| $alias:literal)*,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The text in the database and in the API.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownName> {
                match text {
                    $($text $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownName),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    text_enum! {
        /// A sample.
        pub enum Sample {
            /// With an older name.
            First = "FIRST" | "OLDEST",
            /// Plain.
            Second = "SECOND",
        }
    }

    #[test]
    fn older_names_are_read_and_never_written() {
        assert_eq!("OLDEST".parse(), Ok(Sample::First));
        assert_eq!(serde_json::to_string(&Sample::First).unwrap(), "\"FIRST\"");
        assert_eq!(serde_json::from_str::<Sample>("\"SECOND\"").unwrap(), Sample::Second);
        assert_eq!(Sample::ALL.len(), 2);
    }

    #[test]
    fn other_text_is_refused_without_repeating_it() {
        assert_eq!("first".parse::<Sample>(), Err(UnknownName));
        let error = serde_json::from_str::<Sample>("\"Taylor\"").unwrap_err().to_string();
        assert!(!error.contains("Taylor"), "{error}");
    }
}

//! Declares a section once: its struct, its defaults, its checks and what the reference says about it.

use super::reader::Reader;
use super::value::SettingValue;

/// What is known about one setting besides its value.
#[derive(Debug, Clone, Copy)]
pub struct SettingSpec {
    /// The section it stands in, such as `ingress`.
    pub section: &'static str,
    /// Its name within the section, such as `bind`.
    pub key: &'static str,
    /// What it means, for the reference.
    pub meaning: &'static [&'static str],
    /// What kind of value it takes, for the reference.
    pub kind: &'static str,
    /// The text it is read from when nobody sets it.
    pub default: Option<&'static str>,
    /// Whether its value is never shown and may come from a file of its own.
    pub secret: bool,
    /// Whether it may be left unset.
    pub optional: bool,
}

impl SettingSpec {
    /// The name people use for it: `ingress.bind`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The environment variable that sets it: `WAYBILL__INGRESS__BIND`.
    pub fn variable(&self) -> String {
        format!("WAYBILL__{}__{}", self.section, self.key).to_uppercase()
    }
}

/// One section of the settings. Implemented by [`section!`] only.
pub(super) trait Section: Sized {
    /// What the section is about.
    const MEANING: &'static [&'static str];
    /// Its settings, in the order of declaration.
    const SPECS: &'static [SettingSpec];

    /// Reads every setting, so that all mistakes are found, and `None` when one has no usable value.
    fn read(reader: &mut Reader) -> Option<Self>;

    /// The values as TOML literals in the order of [`Section::SPECS`]; `None` for what is not set.
    fn literals(&self) -> Vec<Option<String>>;
}

/// What [`section!`] records about a setting of type `T`.
pub(super) const fn spec<T: SettingValue>(
    section: &'static str,
    key: &'static str,
    meaning: &'static [&'static str],
    default: Option<&'static str>,
) -> SettingSpec {
    SettingSpec { section, key, meaning, kind: T::KIND, default, secret: T::SECRET, optional: T::OPTIONAL }
}

/// `key: Type = "default" where check,` for each setting; default and check may be left out.
///
/// A setting without default must be set, unless its type is an `Option`.
macro_rules! section {
    (
        $(#[doc = $section_meaning:literal])+
        $Name:ident in $section:literal {
            $( $(#[doc = $meaning:literal])+ $key:ident: $kind:ty $(= $default:literal)? $(where $check:path)?, )+
        }
    ) => {
        $(#[doc = $section_meaning])+
        #[derive(Debug, Clone)]
        pub struct $Name {
            $( $(#[doc = $meaning])+ pub $key: $kind, )+
        }

        impl $crate::settings::section::Section for $Name {
            const MEANING: &'static [&'static str] = &[$($section_meaning),+];
            const SPECS: &'static [$crate::settings::SettingSpec] = &[$(
                $crate::settings::section::spec::<$kind>(
                    $section,
                    stringify!($key),
                    &[$($meaning),+],
                    section!(@default $($default)?),
                ),
            )+];

            fn read(reader: &mut $crate::settings::reader::Reader) -> Option<Self> {
                let mut specs = Self::SPECS.iter();
                $( let $key = reader.read::<$kind>(specs.next()?, section!(@check $kind $(, $check)?)); )+
                Some(Self { $( $key: $key?, )+ })
            }

            fn literals(&self) -> Vec<Option<String>> {
                vec![$( $crate::settings::value::SettingValue::literal(&self.$key), )+]
            }
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    (@check $kind:ty) => { |_: &$kind| Ok(()) };
    (@check $kind:ty, $check:path) => { |value: &$kind| $check(value) };
}

/// Gives a section whose settings all have a default an `impl Default`.
macro_rules! defaults {
    ($($Name:ident),+ $(,)?) => {
        $(impl Default for $Name {
            fn default() -> Self {
                let nothing_given = Default::default();
                let read = <Self as $crate::settings::section::Section>::read(
                    &mut $crate::settings::reader::Reader::new(&nothing_given),
                );
                // Cannot fail: a test reads the defaults of every section.
                read.expect("every setting of the section has a valid default")
            }
        })+
    };
}

pub(super) use {defaults, section};

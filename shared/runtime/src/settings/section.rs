//! Declares a section once: its struct, its defaults, its checks and what the reference says about it.

use super::reader::Reader;
use super::spec::SettingSpec;

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
                $crate::settings::spec::spec::<$kind>(
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

//! The magic names: whom World-Check One finds. All are invented.

/// What a screening finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vendors) enum Found {
    /// One match for each strength.
    Matches(&'static [&'static str]),
    /// So many matches, the strongest STRONG.
    Many(usize),
    /// Matches in so many categories that the summary is longer than 4096 characters.
    LongSummary,
    /// Matches whose every optional field is null.
    NullFields,
    /// A match whose name has letters of four bytes.
    WideLetters,
    /// The screening never ends.
    Never,
    /// No case is made without a date of birth.
    MandatoryBirth,
}

/// One row of the table.
pub(in crate::vendors) struct MagicName {
    pub(in crate::vendors) name: &'static str,
    pub(in crate::vendors) what: &'static str,
    pub(in crate::vendors) found: Found,
}

/// The row of a name; letters in either case, words in any order.
pub(in crate::vendors) fn find_name(name: &str) -> Option<&'static MagicName> {
    let asked = words(name);
    NAMES.iter().find(|magic| words(magic.name) == asked)
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<_> = name.split_whitespace().map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}

const fn row(name: &'static str, what: &'static str, found: Found) -> MagicName {
    MagicName { name, what, found }
}

/// All of them.
#[rustfmt::skip] // one line for each
pub(in crate::vendors) static NAMES: [MagicName; 14] = [
    row("Vesna Weakmatch", "one match, WEAK", Found::Matches(&["WEAK"])),
    row("Milo Mediummatch", "one match, MEDIUM", Found::Matches(&["MEDIUM"])),
    row("Stig Strongmatch", "one match, STRONG", Found::Matches(&["STRONG"])),
    row("Ella Exactmatch", "one match, EXACT", Found::Matches(&["EXACT"])),
    row("Morgan Blackwood", "one match, EXACT", Found::Matches(&["EXACT"])),
    row("Exactmatch Holdings Ltd", "one match, EXACT: an organisation", Found::Matches(&["EXACT"])),
    row("Severin Severalmatch", "three matches: WEAK, STRONG, MEDIUM", Found::Matches(&["WEAK", "STRONG", "MEDIUM"])),
    row("Uma Unknownstrength", "two matches: WEAK, and a strength that nobody knows: CERTAIN", Found::Matches(&["WEAK", "CERTAIN"])),
    row("Manny Manymatch", "1200 matches, the strongest STRONG", Found::Many(1_200)),
    row("Sumi Longsummary", "a summary of more than 4096 characters, one match MEDIUM", Found::LongSummary),
    row("Nora Nullfields", "one match, MEDIUM, all else in it is null", Found::NullFields),
    row("Wanda Wideletter", "one match, STRONG, whose name has letters of four bytes", Found::WideLetters),
    row("Nell Neverscreened", "the screening never ends", Found::Never),
    row("Mandy Mandatoryfield", "400 unless a date of birth is given", Found::MandatoryBirth),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_order_and_case() {
        for magic in &NAMES {
            assert_eq!(find_name(&magic.name.to_uppercase()).map(|found| found.name), Some(magic.name));
        }
        assert_eq!(find_name(" blackwood  MORGAN ").map(|found| found.name), Some("Morgan Blackwood"));
        assert!(find_name("Taylor Robbins").is_none() && find_name("Morgan").is_none());
    }
}

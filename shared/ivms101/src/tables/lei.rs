//! Legal Entity Identifiers: ISO 17442, with the check digits of ISO/IEC 7064 MOD 97-10.

/// True for 18 capitals or digits and two check digits (rule C11), whether or not the check digits are right.
pub fn is_well_formed(lei: &str) -> bool {
    let bytes = lei.as_bytes();
    bytes.len() == 20
        && bytes[..18].iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && bytes[18..].iter().all(u8::is_ascii_digit)
}

/// True when the check digits of a well-formed LEI are right: as a number, with A = 10 … Z = 35, it leaves 1 when
/// divided by 97.
pub fn has_right_checksum(lei: &str) -> bool {
    let remainder = lei.chars().try_fold(0, |remainder, letter| {
        let value = letter.to_digit(36)?;
        let places = if value < 10 { 10 } else { 100 };
        Some((remainder * places + value) % 97)
    });
    is_well_formed(lei) && remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_identifiers_have_the_checksum_they_have() {
        for good in [
            "506700T7Z685VUOZL877",
            "GTFZ00N6IHYMHHNT8S51",
            "24IN00POZKARSTIN8350",
            "5493001KJTIIGC8Y1R12",
            "2594007XIACKNMUAW223",
            "TVYD005I7Q5IJK0EMI53",
        ] {
            assert!(is_well_formed(good) && has_right_checksum(good), "{good}");
        }
        // The first is the example of the standard itself: why a wrong checksum is a warning only.
        for bad in ["3M5E1GQKGL17HI8CPN20", "5493004YBI24IF4TIP92", "213800AQUAUP6I215N33"] {
            assert!(is_well_formed(bad) && !has_right_checksum(bad), "{bad}");
        }
    }

    #[test]
    fn one_wrong_letter_or_two_swapped_ones_are_noticed() {
        let good = "5493001KJTIIGC8Y1R12";
        for at in 0..good.len() {
            let mut letters: Vec<char> = good.chars().collect();
            letters[at] = match letters[at] {
                '9' => '0',
                'Z' => 'A',
                other => char::from(other as u8 + 1),
            };
            assert!(!has_right_checksum(&letters.iter().collect::<String>()), "letter {at}");
        }
        assert!(!has_right_checksum("4593001KJTIIGC8Y1R12"));
    }

    #[test]
    fn other_shapes_are_no_identifiers() {
        for bad in [
            "",
            "5493001KJTIIGC8Y1R1",
            "5493001KJTIIGC8Y1R123",
            "5493001kjtiigc8y1r12",
            "5493001KJTIIGC8Y1RAB",
        ] {
            assert!(!is_well_formed(bad) && !has_right_checksum(bad), "{bad}");
        }
        assert!(!is_well_formed("5493001KJTIIGC8YéR1"), "20 bytes are not 20 letters");
    }
}

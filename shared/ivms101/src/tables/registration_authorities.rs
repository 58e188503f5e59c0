//! Registration authorities: the codes of the list that GLEIF keeps.
//!
//! Source: GLEIF Registration Authorities List, version 1.7 of 2022-03-23 (GLEIF data is CC0), as the crate `leim` 0.2.0
//! (MIT) carries it. GLEIF has added codes since and withdraws some: a well-formed code that is not listed here is worth
//! a question, and no proof of a mistake.

/// Version and day of the list.
pub const EDITION: &str = "1.7 of 2022-03-23";

/// The numbers after `RA`, as ranges from and to, sorted; the last three are GLEIF's words for other and for none.
const LISTED: &[(u32, u32)] = &[
    (1, 190),
    (192, 193),
    (195, 197),
    (199, 210),
    (213, 222),
    (224, 236),
    (238, 247),
    (249, 253),
    (255, 255),
    (257, 263),
    (266, 269),
    (271, 291),
    (293, 293),
    (295, 311),
    (313, 317),
    (319, 322),
    (324, 325),
    (328, 329),
    (331, 334),
    (336, 339),
    (342, 356),
    (358, 358),
    (362, 365),
    (368, 379),
    (381, 439),
    (441, 444),
    (446, 447),
    (449, 449),
    (451, 464),
    (466, 489),
    (493, 495),
    (497, 500),
    (502, 504),
    (508, 558),
    (560, 687),
    (689, 723),
    (725, 754),
    (756, 795),
    (797, 802),
    (804, 858),
    (860, 865),
    (867, 898),
    (900, 923),
    (925, 1045),
    (777777, 777777),
    (888888, 888888),
    (999999, 999999),
];

/// `RA` and six digits, listed or not.
pub fn is_well_formed(code: &str) -> bool {
    number(code).is_some()
}

/// True for a code on the list.
pub fn is_listed(code: &str) -> bool {
    number(code).is_some_and(|number| {
        let after = LISTED.partition_point(|(first, _)| *first <= number);
        after > 0 && number <= LISTED[after - 1].1
    })
}

fn number(code: &str) -> Option<u32> {
    let digits = code.strip_prefix("RA")?;
    let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if six { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        assert!(LISTED.iter().all(|(first, last)| first <= last));
        assert!(LISTED.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
        let codes: u32 = LISTED.iter().map(|(first, last)| last - first + 1).sum();
        assert_eq!(codes, 994);
    }

    #[test]
    fn codes_are_found() {
        for listed in ["RA000001", "RA000190", "RA000523", "RA000585", "RA001045", "RA888888", "RA999999"] {
            assert!(is_listed(listed), "{listed}");
        }
        for unlisted in ["RA000000", "RA000191", "RA001046", "RA555555"] {
            assert!(is_well_formed(unlisted) && !is_listed(unlisted), "{unlisted}");
        }
        for malformed in
            ["", "RA", "RA00052", "RA0000523", "ra000523", "RB000523", "RA00052A", "RA+00523", "000523"]
        {
            assert!(!is_well_formed(malformed) && !is_listed(malformed), "{malformed}");
        }
    }
}

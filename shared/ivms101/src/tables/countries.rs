//! Countries: ISO 3166-1, all officially assigned codes, as of February 2026.
//!
//! Source: the standard's own list as the package `pycountry` 26.2.16 carries it; the crates `rust_iso3166` 0.1.14 and
//! `iso3166` 1.2.1 agree with it.

/// Alpha-2 and alpha-3 code of each country, sorted.
const CODES: &str = "\
    AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AQ ATA AR ARG AS ASM AT AUT AU AUS AW ABW AX ALA \
    AZ AZE BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN BO BOL BQ BES \
    BR BRA BS BHS BT BTN BV BVT BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK \
    CL CHL CM CMR CN CHN CO COL CR CRI CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA \
    DO DOM DZ DZA EC ECU EE EST EG EGY EH ESH ER ERI ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO FR FRA \
    GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL GM GMB GN GIN GP GLP GQ GNQ GR GRC GS SGS \
    GT GTM GU GUM GW GNB GY GUY HK HKG HM HMD HN HND HR HRV HT HTI HU HUN ID IDN IE IRL IL ISR IM IMN IN IND \
    IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR KM COM KN KNA \
    KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA \
    LY LBY MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC MP MNP MQ MTQ \
    MR MRT MS MSR MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC \
    NL NLD NO NOR NP NPL NR NRU NU NIU NZ NZL OM OMN PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM \
    PN PCN PR PRI PS PSE PT PRT PW PLW PY PRY QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC \
    SD SDN SE SWE SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM SR SUR SS SSD ST STP SV SLV \
    SX SXM SY SYR SZ SWZ TC TCA TD TCD TF ATF TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM TN TUN TO TON TR TUR \
    TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA UM UMI US USA UY URY UZ UZB VA VAT VC VCT VE VEN VG VGB VI VIR \
    VN VNM VU VUT WF WLF WS WSM YE YEM YT MYT ZA ZAF ZM ZMB ZW ZWE";

/// Bytes from one pair to the next.
const PAIR: usize = "AD AND ".len();

/// The standard's word for a state that is unknown or unspecified (rule C3).
pub const UNKNOWN: &str = "XX";

/// The codes of all countries, alpha-2 and alpha-3.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    (0..CODES.len()).step_by(PAIR).map(|at| (&CODES[at..at + 2], &CODES[at + 3..at + 6]))
}

/// True for an assigned alpha-2 code in capitals, and for [`UNKNOWN`].
pub fn is_country(code: &str) -> bool {
    match code.as_bytes() {
        [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
            ASSIGNED[usize::from(first - b'A')] >> (second - b'A') & 1 == 1
        }
        _ => false,
    }
}

/// The alpha-3 code of a country, which some vendors ask for.
pub fn alpha_3(alpha_2: &str) -> Option<&'static str> {
    all().find(|(known, _)| *known == alpha_2).map(|(_, alpha_3)| alpha_3)
}

/// The alpha-2 code of a country that is given by its alpha-3 code.
pub fn alpha_2(alpha_3: &str) -> Option<&'static str> {
    all().find(|(_, known)| *known == alpha_3).map(|(alpha_2, _)| alpha_2)
}

/// One word for each first letter, one bit for each second: [`CODES`] and [`UNKNOWN`], to be looked up quickly.
const ASSIGNED: [u32; 26] = {
    let codes = CODES.as_bytes();
    let mut assigned = [0; 26];
    assigned[(b'X' - b'A') as usize] |= 1 << (b'X' - b'A');
    let mut at = 0;
    while at < codes.len() {
        assigned[(codes[at] - b'A') as usize] |= 1 << (codes[at + 1] - b'A');
        at += PAIR;
    }
    assigned
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_249_countries_and_the_unknown_one() {
        let codes: Vec<_> = all().collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted());
        assert!(codes.iter().all(|(two, three)| two.len() == 2 && three.len() == 3 && is_country(two)));
        let bits: u32 = ASSIGNED.iter().map(|row| row.count_ones()).sum();
        assert_eq!(bits, 250);
        assert!(is_country("KR") && is_country(UNKNOWN));
        for bad in ["kr", "EU", "UK", "ZZ", "AA", "", "K", "KOR", "AD AND", "K\u{d1}"] {
            assert!(!is_country(bad), "{bad}");
        }
    }

    #[test]
    fn the_three_letters_are_found_both_ways() {
        for (two, three) in [
            ("KR", "KOR"),
            ("GB", "GBR"),
            ("RO", "ROU"),
            ("CD", "COD"),
            ("BQ", "BES"),
            ("AD", "AND"),
            ("ZW", "ZWE"),
        ] {
            assert_eq!((alpha_3(two), alpha_2(three)), (Some(three), Some(two)));
        }
        assert_eq!((alpha_3(UNKNOWN), alpha_2("ANT")), (None, None));
        let distinct: std::collections::HashSet<_> = all().map(|(_, three)| three).collect();
        assert_eq!(distinct.len(), 249);
    }
}

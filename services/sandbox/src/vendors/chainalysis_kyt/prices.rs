//! What assets are worth, in US dollars. Made up, but for ETH: the price of the interface's example.

const PRICES: &[(&str, &str)] = &[
    ("ETH", "1820.17"),
    ("BTC", "26910.42"),
    ("USDT", "1"),
    ("USDC", "1"),
    ("DAI", "1"),
    ("XRP", "0.4617"),
    ("BCH", "115.83"),
    ("LTC", "91.26"),
    ("DOGE", "0.07412"),
    ("TRX", "0.07023"),
    ("SOL", "20.51"),
    ("ADA", "0.3689"),
    ("DOT", "5.372"),
    ("ATOM", "10.84"),
    ("XLM", "0.08895"),
    ("BNB", "311.64"),
    ("MATIC", "0.8611"),
    ("POL", "0.8611"),
    ("KLAY", "0.1934"),
    ("AVAX", "14.73"),
    ("LINK", "6.518"),
];

/// The price of one, or `None` where it is not known.
pub(super) fn price(asset: &str) -> Option<&'static str> {
    PRICES.iter().find(|(known, _)| known.eq_ignore_ascii_case(asset)).map(|(_, price)| *price)
}

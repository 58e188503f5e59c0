//! How long values may be. Text is counted in characters, as the columns of the database count it.

/// `symbol`, characters.
pub const SYMBOL: usize = 16;
/// `network`, characters.
pub const NETWORK: usize = 128;
/// `amount` and `trade_price`, characters.
pub const AMOUNT: usize = 128;
/// `trade_currency`, characters.
pub const CURRENCY: usize = 128;
/// `reason`, characters.
pub const REASON: usize = 256;
/// `message`, characters.
pub const MESSAGE: usize = 1024;
/// `txHash`, characters.
pub const TX_HASH: usize = 128;
/// `vout`, characters.
pub const VOUT: usize = 128;
/// An account number or address, characters.
pub const ACCOUNT_NUMBER: usize = 256;
/// `payload.version`, characters.
pub const PAYLOAD_VERSION: usize = 16;
/// The personal data of one request, bytes of JSON: sealed and encoded it still fits a 64 KB column.
pub const PAYLOAD_BYTES: usize = 40 * 1024;
/// The answer of a VASP's backend, bytes.
pub const BACKEND_ANSWER_BYTES: usize = 64 * 1024;

/// True when `text` has at least one and at most `limit` characters, and no control character.
pub fn fits(text: &str, limit: usize) -> bool {
    !text.is_empty() && text.chars().count() <= limit && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(fits(&"é".repeat(16), SYMBOL));
        assert!(!fits(&"e".repeat(17), SYMBOL));
        assert!(!fits("", SYMBOL));
        assert!(!fits("ETH\n", SYMBOL));
    }
}

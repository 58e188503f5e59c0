//! The names of networks. Any case is read; answers have upper case.

/// The networks that matter of those the vendor knows.
#[rustfmt::skip] // a paragraph, not a column
const KNOWN: &[&str] = &[
    "ACALA", "ALGORAND", "APTOS", "ARBITRUM", "ASTAR", "AVALANCHE", "AVALANCHE_X_CHAIN", "BASE",
    "BINANCE_SMART_CHAIN", "BITCOIN", "BITCOIN_CASH", "BITCOIN_SATOSHI_VISION", "CARDANO", "CELO", "COSMOS", "CRONOS", "DASH", "DECRED",
    "DIGIBYTE", "DOGECOIN", "ECASH", "EOS", "ETHEREUM", "ETHEREUM_CLASSIC", "ETHEREUM_POW", "FANTOM", "FILECOIN",
    "FLARE", "FLOW", "HARMONY", "HEDERA", "HORIZEN", "ICON", "INTERNET_COMPUTER", "IOST", "IOTA", "KADENA", "KLAYTN",
    "KUSAMA", "LIGHTNING", "LITECOIN", "METIS", "MINA", "MONERO", "MOONBEAM", "MOONRIVER", "NANO", "NEAR", "NEM",
    "NEO", "OKEXCHAIN", "ONTOLOGY", "OPTIMISM", "POLKADOT", "POLYGON", "PULSECHAIN", "QTUM", "RAVENCOIN", "RONIN",
    "SOLANA", "STACKS", "STARKNET", "STELLAR", "SUI", "TERRA", "TERRA2", "TEZOS", "THETA", "TON", "TRON", "WAVES",
    "WAX", "XRP", "ZCASH", "ZILLIQA", "ZKSYNC", "ZKSYNC2",
];

/// The name as the vendor answers it; `None` for one it does not know.
pub(super) fn known(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)).copied()
}

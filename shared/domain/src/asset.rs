//! What is being transferred.

use serde::{Deserialize, Serialize};

use crate::{Amount, Fault, Timestamp, limits};

/// The asset, its amount, and what it was worth. JSON names are those of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetInfo {
    /// Ticker, such as `ETH`.
    pub symbol: String,
    /// Blockchain; needed where an asset lives on several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Amount in the asset's own unit.
    pub amount: Amount,
    /// Whether the legal threshold of the originator's jurisdiction is exceeded.
    pub is_exceeding_threshold: bool,
    /// What the amount is worth in `trade_currency`.
    pub trade_price: Amount,
    /// ISO 4217 code.
    pub trade_currency: String,
    /// When that price held. `tradeISODateTime` is an older spelling, read and never written.
    #[serde(rename = "tradeISODatetime", alias = "tradeISODateTime", with = "crate::iso_time")]
    pub trade_iso_datetime: Timestamp,
}

impl AssetInfo {
    /// Checks what the types leave open, in document order. `base` is the dotted path of the object.
    ///
    /// # Errors
    /// The first text that is empty, too long for its column, or holds control characters; an amount of zero.
    pub fn check(&self, base: &str) -> Result<(), Fault> {
        let network = self.network.as_deref();
        for (fits, field) in [
            (limits::fits(&self.symbol, limits::SYMBOL), "symbol"),
            (network.is_none_or(|text| limits::fits(text, limits::NETWORK)), "network"),
            (!self.amount.is_zero(), "amount"),
            (limits::fits(&self.trade_currency, limits::CURRENCY), "tradeCurrency"),
        ] {
            if !fits {
                return Err(Fault::invalid(&format!("{base}.{field}")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> serde_json::Value {
        json!({
            "symbol": "ETH", "network": "Ethereum", "amount": "1.50", "isExceedingThreshold": true,
            "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
        })
    }

    #[test]
    fn json_survives_as_sent() {
        let asset: AssetInfo = serde_json::from_value(sample()).unwrap();
        assert_eq!(serde_json::to_value(&asset).unwrap(), sample());
        assert_eq!(asset.check("assetInfo"), Ok(()));
    }

    #[test]
    fn the_older_name_of_the_time_is_read() {
        let mut json = sample();
        let time = json.as_object_mut().unwrap().remove("tradeISODatetime").unwrap();
        json["tradeISODateTime"] = time;
        let asset: AssetInfo = serde_json::from_value(json).unwrap();
        assert_eq!(serde_json::to_value(&asset).unwrap(), sample());
    }

    #[test]
    fn an_absent_network_stays_absent() {
        let mut json = sample();
        json.as_object_mut().unwrap().remove("network");
        let asset: AssetInfo = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&asset).unwrap(), json);
    }

    #[test]
    fn what_no_column_holds_is_refused_by_its_path() {
        let cases = [
            ("symbol", "A".repeat(17), "INVALID-SYMBOL"),
            ("network", String::new(), "INVALID-NETWORK"),
            ("amount", "0.00".to_owned(), "INVALID-AMOUNT"),
            ("tradeCurrency", "K\0W".to_owned(), "INVALID-TRADE-CURRENCY"),
        ];
        for (field, value, code) in cases {
            let mut json = sample();
            json[field] = value.into();
            let asset: AssetInfo = serde_json::from_value(json).unwrap();
            let fault = asset.check("assetInfo").unwrap_err();
            assert_eq!(fault.code, code);
            assert_eq!(fault.message, format!("`assetInfo.{field}` is invalid value."));
        }
    }
}

//! How far the vendor has come with a transfer or an attempt.

use serde::Deserialize;
use waybill_domain::Timestamp;
use waybill_vendors::{Decimal, VendorError, cut, parse_vendor_time};

/// The answer to a registration and the summary: transfers and attempts have most of their fields in common.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireSummary {
    external_id: String,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    network: Option<String>,
    #[serde(default)]
    asset: Option<String>,
    #[serde(default)]
    asset_amount: Option<Decimal>,
    #[serde(default)]
    usd_amount: Option<Decimal>,
    #[serde(default)]
    timestamp: Option<String>,
    /// Of a transfer.
    #[serde(default)]
    output_address: Option<String>,
    /// Of an attempt.
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    transfer_reference: Option<String>,
    #[serde(default)]
    attempt_identifier: Option<String>,
}

/// A summary whose values fit their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub external_id: String,
    /// When the vendor came to its result; none while it has none.
    pub updated_at: Option<Timestamp>,
    pub network: Option<String>,
    pub asset: Option<String>,
    /// In the asset's own unit, decimal text.
    pub amount: Option<String>,
    /// US dollars, decimal text.
    pub usd_price: Option<String>,
    /// Of the block.
    pub timestamp: Option<Timestamp>,
    /// As the vendor writes it.
    pub address: Option<String>,
    /// The transfer's reference or the attempt's identifier, as the vendor repeats it.
    pub echo: Option<String>,
}

/// Widths of columns, in characters.
const EXTERNAL_ID: usize = 128;
const NETWORK: usize = 128;
const ASSET: usize = 16;
const DECIMAL: usize = 128;
const ADDRESS: usize = 512;

impl WireSummary {
    /// Checks what could lead astray, and cuts the rest.
    ///
    /// # Errors
    /// No usable id, or a time that cannot be read: an unreadable `updatedAt` is neither "not yet" nor "done".
    pub(crate) fn read(self) -> Result<Summary, VendorError> {
        let id = &self.external_id;
        if id.is_empty() || id.len() > EXTERNAL_ID || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(VendorError::Unusable("its externalId"));
        }
        let updated_at = time(self.updated_at.as_deref(), "its updatedAt")?;
        Ok(Summary {
            updated_at,
            network: text(self.network, NETWORK),
            asset: text(self.asset, ASSET),
            amount: decimal(self.asset_amount),
            usd_price: decimal(self.usd_amount),
            timestamp: time(self.timestamp.as_deref(), "its timestamp")?,
            address: text(self.output_address.or(self.address), ADDRESS),
            echo: self.transfer_reference.or(self.attempt_identifier),
            external_id: self.external_id,
        })
    }
}

fn time(text: Option<&str>, what: &'static str) -> Result<Option<Timestamp>, VendorError> {
    text.map(|text| parse_vendor_time(text).ok_or(VendorError::Unusable(what))).transpose()
}

fn text(text: Option<String>, width: usize) -> Option<String> {
    text.map(|text| cut(&text, width).to_owned()).filter(|text| !text.is_empty())
}

fn decimal(number: Option<Decimal>) -> Option<String> {
    number.map(|number| number.to_string()).filter(|text| text.len() <= DECIMAL)
}

#[cfg(test)]
mod tests {
    use waybill_domain::format_time;

    use super::*;

    fn read(text: &str) -> Result<Summary, VendorError> {
        serde_json::from_str::<WireSummary>(text).map_err(|_| VendorError::Unusable("JSON"))?.read()
    }

    #[test]
    fn a_fresh_transfer_has_nothing_but_an_id() {
        let text = r#"{"updatedAt":null,"asset":"BTC","assetId":null,"network":"BITCOIN","transferReference":"ab:cd","tx":null,
            "idx":null,"usdAmount":null,"assetAmount":null,"timestamp":null,"outputAddress":null,
            "externalId":"9a78cde9-890c-3563-8000-000000000000"}"#;
        let summary = read(text).unwrap();
        assert_eq!((summary.updated_at, summary.usd_price), (None, None));
        assert_eq!((summary.network.as_deref(), summary.echo.as_deref()), (Some("BITCOIN"), Some("ab:cd")));
    }

    #[test]
    fn a_processed_transfer_has_the_vendors_digits() {
        let text = r#"{"updatedAt":"2025-01-11T04:45:08.107532","asset":"BTC","network":"BITCOIN","transferReference":"x",
            "tx":"h","idx":0,"usdAmount":141.94,"assetAmount":0.00150795,"timestamp":"2025-01-11T04:11:37.000+00:00",
            "outputAddress":"bc1q","externalId":"9a78cde9"}"#;
        let summary = read(text).unwrap();
        assert_eq!(format_time(summary.updated_at.unwrap()), "2025-01-11T04:45:08.107Z");
        assert_eq!(format_time(summary.timestamp.unwrap()), "2025-01-11T04:11:37.000Z");
        assert_eq!(
            (summary.usd_price.as_deref(), summary.amount.as_deref()),
            (Some("141.94"), Some("0.00150795"))
        );
        assert_eq!(summary.address.as_deref(), Some("bc1q"));
    }

    /// F15, F16: an attempt is done at once, and writes its time another way.
    #[test]
    fn an_attempt_is_read_with_its_own_names() {
        let text = r#"{"asset":"BTC","assetId":null,"network":"BITCOIN","address":"1QJU","attemptIdentifier":"f7","assetAmount":0.1,
            "usdAmount":9544.15,"updatedAt":"2025-01-11T05:21:02.350+00:00","externalId":"f226edb0"}"#;
        let summary = read(text).unwrap();
        assert_eq!(format_time(summary.updated_at.unwrap()), "2025-01-11T05:21:02.350Z");
        assert_eq!((summary.address.as_deref(), summary.echo.as_deref()), (Some("1QJU"), Some("f7")));
    }

    /// F16: every spelling of a time.
    #[test]
    fn every_form_of_a_time_is_the_same_time() {
        for time in [
            "2025-01-11T04:45:08.107532",
            "2025-01-11T04:45:08.107+00:00",
            "2025-01-11T04:45:08.107Z",
            "2025-01-11T13:45:08.107+09:00",
        ] {
            let summary = read(&format!(r#"{{"externalId":"a","updatedAt":"{time}"}}"#)).unwrap();
            assert_eq!(format_time(summary.updated_at.unwrap()), "2025-01-11T04:45:08.107Z", "{time}");
        }
    }

    /// F10: nothing that is no summary passes for one.
    #[test]
    fn what_is_no_summary_is_refused() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            "<html>",
            r#"{"externalId":null}"#,
            r#"{"externalId":""}"#,
            r#"{"externalId":"a b"}"#,
            r#"{"externalId":"a","updatedAt":"soon"}"#,
            r#"{"externalId":"a","updatedAt":1736570708}"#,
            r#"{"externalId":"a","updatedAt":""}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

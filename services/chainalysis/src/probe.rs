//! Questions that show whether the vendor takes our keys: they change nothing, and are not paid for.

use waybill_runtime::settings::ChainalysisSettings;
use waybill_vendors::Request;

use crate::credential::Credential;
use crate::segment::with_segments;
use crate::{kyt, sanction};

/// Nobody's address.
const NOBODY: &str = "0x0000000000000000000000000000000000000000";

/// Asks the Sanctions API about nobody's address. None without a key that can be sent.
pub fn sanction_probe(settings: &ChainalysisSettings) -> Option<Request> {
    let key = Credential::of(settings.sanction_api_key.as_ref()?)?;
    let url = with_segments(&settings.sanction_url, &["api", "v1", "address", NOBODY])?;
    Some(Request::get(url).header(sanction::X_API_KEY, key.header))
}

/// Asks KYT for the names of categories. None without a key that can be sent.
pub fn kyt_probe(settings: &ChainalysisSettings) -> Option<Request> {
    let key = Credential::of(settings.kyt_api_key.as_ref()?)?;
    let url = with_segments(&settings.kyt_url, &["v2", "categories"])?;
    Some(Request::get(url).header(kyt::TOKEN, key.header))
}

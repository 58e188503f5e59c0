//! Where a page ended, as a caller carries it: nobody else can make one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use waybill_store::tables::history::HistoryCursor;
use waybill_vault::Vault;

const LABEL: &str = "cursor of the list of risk assessments";

/// Base64url of `<milliseconds since 1970>.<request id>.<keyed digest of both>`.
pub(super) fn write(cursor: &HistoryCursor, vault: &Vault) -> String {
    let place = format!("{}.{}", cursor.created_at.timestamp_millis(), cursor.request_id);
    let digest = vault.fingerprint(LABEL, place.as_bytes());
    URL_SAFE_NO_PAD.encode(format!("{place}.{digest}"))
}

/// The place, unless the text is not ours.
pub(super) fn read(text: &str, vault: &Vault) -> Option<HistoryCursor> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (place, digest) = decoded.rsplit_once('.')?;
    // A plain comparison will do: a forged cursor opens nothing that a filter does not.
    if vault.fingerprint(LABEL, place.as_bytes()) != digest {
        return None;
    }
    let (millis, request_id) = place.split_once('.')?;
    let created_at = DateTime::from_timestamp_millis(millis.parse().ok()?)?;
    Some(HistoryCursor { created_at, request_id: request_id.to_owned() })
}

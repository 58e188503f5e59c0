//! Where a page ended, as a caller carries it: readable by us only in the sense that nobody else can make one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use waybill_store::tables::verifications::Cursor;
use waybill_vault::Vault;

const LABEL: &str = "cursor of the verification list";

/// Base64url of `<milliseconds since 1970>.<row>.<keyed digest of both>`.
pub(super) fn write(cursor: Cursor, vault: &Vault) -> String {
    let place = format!("{}.{}", cursor.created_at.timestamp_millis(), cursor.id);
    let digest = vault.fingerprint(LABEL, place.as_bytes());
    URL_SAFE_NO_PAD.encode(format!("{place}.{digest}"))
}

/// The place, unless the text is not ours.
pub(super) fn read(text: &str, vault: &Vault) -> Option<Cursor> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (place, digest) = decoded.rsplit_once('.')?;
    // A plain comparison will do: a forged cursor opens nothing that a page number does not.
    if vault.fingerprint(LABEL, place.as_bytes()) != digest {
        return None;
    }
    let (millis, id) = place.split_once('.')?;
    Some(Cursor { created_at: DateTime::from_timestamp_millis(millis.parse().ok()?)?, id: id.parse().ok()? })
}

//! What is asked, field by field.

use chrono::NaiveDate;
use serde_json::Value;
use waybill_domain::{AssetInfo, Fault, KeyType, RequiredBeneficiaryInfo, VaspId, limits};
use waybill_ivms101::model::Payload;
use waybill_ivms101::read_verification;

use crate::reading::{Fields, first_error};

/// A request in which every field is good.
pub(super) struct VerificationRequest<'b> {
    pub(super) key_type: KeyType,
    pub(super) beneficiary_vasp_id: VaspId,
    pub(super) asset: AssetInfo,
    pub(super) required: RequiredBeneficiaryInfo,
    pub(super) version: &'b str,
    pub(super) payload: Payload,
}

/// Reads a request. Dates of birth must lie before the day `today`.
///
/// # Errors
/// The first fault, in the order of the interface documents.
pub(super) fn read(body: &Value, today: NaiveDate) -> Result<VerificationRequest<'_>, Fault> {
    let body = Fields::of_body(body)?;
    let key_type = body.parsed("keyType")?;
    let beneficiary_vasp_id = body.parsed("beneficiaryVaspId")?;
    let asset = asset(body.object("assetInfo")?)?;
    let required = body.parsed("requiredBeneficiaryInfo")?;
    let payload = body.object("payload")?;
    let version = payload.text("payload.version", limits::PAYLOAD_VERSION)?;
    let ivms101 = payload.value("payload.ivms101")?;
    let payload = first_error(read_verification(ivms101, "payload.ivms101", today))?;
    Ok(VerificationRequest { key_type, beneficiary_vasp_id, asset, required, version, payload })
}

fn asset(asset: Fields<'_>) -> Result<AssetInfo, Fault> {
    let read = AssetInfo {
        symbol: asset.text("assetInfo.symbol", limits::SYMBOL)?.to_owned(),
        network: asset.optional_text("assetInfo.network", limits::NETWORK)?.map(str::to_owned),
        amount: asset.parsed("assetInfo.amount")?,
        is_exceeding_threshold: asset.flag("assetInfo.isExceedingThreshold")?,
        trade_price: asset.parsed("assetInfo.tradePrice")?,
        trade_currency: asset.text("assetInfo.tradeCurrency", limits::CURRENCY)?.to_owned(),
        trade_iso_datetime: asset.time("assetInfo.tradeISODatetime", "assetInfo.tradeISODateTime")?,
    };
    read.check("assetInfo")?; // what the types leave open: an amount of zero
    Ok(read)
}

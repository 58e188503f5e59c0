//! What the backend needs of a verification request.

use serde_json::Value;
use waybill_domain::{Fault, RequiredBeneficiaryInfo};

use crate::fields;

/// A request that has every mandatory field.
pub(super) struct VerificationRequest<'a> {
    pub(super) version: &'a str,
    pub(super) symbol: &'a str,
    pub(super) network: Option<&'a str>,
    pub(super) is_exceeding_threshold: bool,
    pub(super) required: RequiredBeneficiaryInfo,
    pub(super) originator: &'a Value,
    pub(super) beneficiary_persons: Vec<&'a Value>,
    pub(super) address: &'a str,
}

impl<'a> VerificationRequest<'a> {
    pub(super) fn read(body: &'a Value) -> Result<Self, Fault> {
        fields::verification_uuid(body)?;
        fields::vasp_id(body, "originatingVaspId")?;
        fields::text(body, "assetInfo.amount")?;
        fields::object(body, "ivms101.beneficiary")?;
        let required = fields::text(body, "requiredBeneficiaryInfo")?;
        Ok(Self {
            version: fields::text(body, "version")?,
            symbol: fields::text(body, "assetInfo.symbol")?,
            network: fields::optional_text(body, "assetInfo.network")?,
            is_exceeding_threshold: fields::flag(body, "assetInfo.isExceedingThreshold")?,
            required: required.parse().map_err(|_| Fault::invalid("requiredBeneficiaryInfo"))?,
            originator: fields::object(body, "ivms101.originator")?,
            beneficiary_persons: fields::each(body, "ivms101.beneficiary.beneficiaryPersons").collect(),
            address: fields::beneficiary_account(body)?,
        })
    }
}

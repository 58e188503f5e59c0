//! What is asked, field by field.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use waybill_domain::{Fault, Role, VerificationUuid, limits};
use waybill_ivms101::{read_screened, write::verify_vasp};

use crate::reading::{Fields, check_size, first_error};

/// A request in which every field is good.
pub(super) struct WcoRequest {
    pub(super) verification_uuid: VerificationUuid,
    /// Persons in place of the verification's: `{"version", "ivms101"}`, as JSON.
    pub(super) payload: Option<String>,
}

/// Reads a request. Dates of birth must lie before the day `today`.
///
/// # Errors
/// The first fault, in the order of the interface documents.
pub(super) fn read(body: &Value, today: NaiveDate) -> Result<WcoRequest, Fault> {
    let body = Fields::of_body(body)?;
    let verification_uuid = body.parsed("verificationUuid")?;
    let payload = body.optional_object("payload")?.map(|fields| payload(fields, today)).transpose()?;
    Ok(WcoRequest { verification_uuid, payload })
}

fn payload(fields: Fields<'_>, today: NaiveDate) -> Result<String, Fault> {
    let version = fields.text("payload.version", limits::PAYLOAD_VERSION)?;
    let ivms101 = fields.value("payload.ivms101")?;
    let (originator, beneficiary) = first_error(read_screened(ivms101, "payload.ivms101", today))?;
    let mut parties = Map::new();
    for (name, role, party) in
        [("originator", Role::Originator, originator), ("beneficiary", Role::Beneficiary, beneficiary)]
    {
        parties.extend(party.map(|party| (name.to_owned(), verify_vasp::party(&party, role))));
    }
    let payload = json!({ "version": version, "ivms101": parties }).to_string();
    check_size(payload.len())?;
    Ok(payload)
}

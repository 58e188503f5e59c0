//! Who is screened: the persons of the other side.

use serde_json::{Value, json};
use waybill_context::Context;
use waybill_domain::{Direction, Fault, Role, VaspId, codes};
use waybill_ivms101::read;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, VaultError};

use crate::subject::{Subject, subjects};

/// Our role; the originator's where we are our own counterparty.
pub(crate) fn role_in(row: &VerificationRow, own_id: VaspId) -> Option<Role> {
    [Role::Originator, Role::Beneficiary].into_iter().find(|role| row.is(own_id, *role))
}

/// The other side of a verification.
pub(crate) struct Counterparty {
    pub vasp_id: VaspId,
    pub direction: Direction,
    pub subjects: Vec<Subject>,
}

impl Counterparty {
    /// Its persons: those of `payload` where the request brings some, else those of the verification.
    ///
    /// # Errors
    /// `UNSUPPORTED-RISK-ASSESSMENT` when nobody is named; `MISSING-…` when the payload leaves out the side that is screened.
    pub fn of(
        ctx: &Context,
        row: &VerificationRow,
        role: Role,
        payload: Option<&Value>,
    ) -> Result<Self, Fault> {
        let (name, vasp_id) = match role {
            Role::Originator => ("beneficiary", row.beneficiary_vasp_id),
            Role::Beneficiary => ("originator", row.originating_vasp_id),
        };
        let party = match payload {
            Some(payload) => given(payload, name)?,
            None => stored(ctx, row, role)?,
        };
        let payload = read(&json!({name: party})).payload;
        let party = match role {
            Role::Originator => payload.beneficiary,
            Role::Beneficiary => payload.originator,
        };
        let subjects =
            subjects(&party).map_err(|error| codes::unsupported_risk_assessment(&error.to_string()))?;
        Ok(Self { vasp_id, direction: Direction::of(role), subjects })
    }
}

fn given(payload: &Value, name: &str) -> Result<Value, Fault> {
    let party = payload.get("ivms101").and_then(|ivms101| ivms101.get(name)).filter(|party| !party.is_null());
    party.cloned().ok_or_else(|| Fault::missing(&format!("payload.ivms101.{name}")))
}

fn stored(ctx: &Context, row: &VerificationRow, role: Role) -> Result<Value, VaultError> {
    let (column, sealed) = match role {
        Role::Originator => (Column::Beneficiary, &row.beneficiary_sealed),
        Role::Beneficiary => (Column::Originator, &row.originator_sealed),
    };
    let text = ctx.vault.open_column(row.uuid, column, sealed)?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

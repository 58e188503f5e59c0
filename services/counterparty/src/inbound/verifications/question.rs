//! The question, opened and checked.

use serde_json::{Value, json};
use waybill_domain::{Fault, Role, VaspId};
use waybill_ivms101::model::{Party, Payload};
use waybill_ivms101::{read_verification, write};
use waybill_protocol::messages::{
    AcceptedStatus, VerificationAccepted, VerificationQuestion, VerificationsRequest,
};
use waybill_store::tables::verifications::NewVerification;
use waybill_vault::Column;

use super::super::{Handled, Listener, Message, Reply, payload};

/// A valid question.
pub(super) struct Question {
    pub asked: VerificationsRequest,
    pub version: String,
    payload: Payload,
}

impl Question {
    pub(super) async fn open(
        listener: &Listener,
        message: &Message,
        asked: VerificationsRequest,
    ) -> Result<Self, Fault> {
        let uuid = asked.verification_uuid;
        let question: VerificationQuestion =
            payload::open(listener, message, Some(uuid), &asked.sealed).await?;
        payload::check_version(&question.version)?;
        let today = message.received_at.date_naive();
        let read =
            read_verification(&question.ivms101, "ivms101", today).map_err(payload::invalid_document)?;
        let question = Self { asked, version: question.version, payload: read.value };
        payload::check_size(&[&question.originator(), &question.beneficiary()])?;
        Ok(question)
    }

    /// The originator, as our rows hold it.
    pub(super) fn originator(&self) -> Value {
        write::verify_vasp::party(&self.payload.originator, Role::Originator)
    }

    /// The beneficiary, as our rows hold it.
    pub(super) fn beneficiary(&self) -> Value {
        write::verify_vasp::party(&self.payload.beneficiary, Role::Beneficiary)
    }

    /// The accounts of both.
    pub(super) fn accounts(&self) -> [Option<&str>; 2] {
        [self.payload.originator.account_number(), self.payload.beneficiary.account_number()]
    }

    /// Its row. Who the two VASPs are is taken from the directory, not from what the sender says of itself.
    pub(super) fn row(&self, listener: &Listener, message: &Message) -> Result<NewVerification, Fault> {
        let (uuid, own_id) = (self.asked.verification_uuid, listener.ctx.own_id);
        let seal = |column, value: &Value| listener.ctx.vault.seal_column(uuid, column, &value.to_string());
        let vasp = |id, role| vasp_block(listener, id, role);
        Ok(NewVerification {
            uuid,
            asset: self.asked.asset_info.clone(),
            originating_vasp_id: message.sender(),
            originator_account_number: account(&self.payload.originator, "originator")?,
            originator_sealed: seal(Column::Originator, &self.originator()),
            originating_vasp_sealed: seal(Column::OriginatingVasp, &vasp(message.sender(), Role::Originator)),
            beneficiary_vasp_id: own_id,
            beneficiary_account_number: account(&self.payload.beneficiary, "beneficiary")?,
            beneficiary_sealed: seal(Column::Beneficiary, &self.beneficiary()),
            beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, &vasp(own_id, Role::Beneficiary)),
            created_at: message.received_at,
            key_type: self.asked.key_type,
            payload_version: self.version.clone(),
            required_beneficiary_info: self.asked.required_beneficiary_info.to_string(),
            expires_at: self.asked.expires_at,
        })
    }

    /// 202: stored, the answer follows.
    pub(super) fn accepted(&self) -> Handled {
        let status = AcceptedStatus::Accepted;
        Reply::new(202, &VerificationAccepted { verification_uuid: self.asked.verification_uuid, status })
    }
}

fn account(party: &Party, side: &str) -> Result<String, Fault> {
    let account = party.account_number().map(str::to_owned);
    account.ok_or_else(|| payload::invalid(&format!("`ivms101.{side}.accountNumber` is required.")))
}

/// The IVMS101 block of a member, wrapped as the standard has it; empty for one that the directory does not list.
fn vasp_block(listener: &Listener, id: VaspId, role: Role) -> Value {
    let directory = listener.ctx.directory.current();
    let name = match role {
        Role::Originator => "originatingVASP",
        Role::Beneficiary => "beneficiaryVASP",
    };
    directory.member(id).map_or_else(|| json!({}), |member| json!({name: member.legal_person}))
}

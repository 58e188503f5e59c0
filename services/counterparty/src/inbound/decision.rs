//! Our answer to a verification: made from the backend's, kept in the row, and read from it again.

use serde_json::{Value, json};
use waybill_context::{Context, Screenings};
use waybill_domain::{
    Event, Role, ScreeningEvent, Timestamp, Verdict, VerificationResult, VerificationState, apply, limits,
    reason,
};
use waybill_ivms101::{minimise, write};
use waybill_protocol::Hidden;
use waybill_protocol::messages::VerificationAnswer;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};
use waybill_vault::{Column, Vault, VaultError};

use super::case::Case;
use crate::backend::BackendVerdict;
use crate::self_flow;

/// What the originator is told. Data about the beneficiary goes with `VERIFIED` only: a refusal confirms nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    verdict: Verdict,
    reason: String,
    message: Option<Hidden<String>>,
    verified_at: Timestamp,
    beneficiary: Option<Hidden<Value>>,
}

/// A decision ready to be written.
#[derive(Clone)]
pub(super) struct Record {
    row: VerificationRow,
    event: Event,
    change: Change,
    audit: AuditEntry,
    screenings: Screenings,
}

impl Decision {
    /// From the backend's verdict: stripped to what was asked for, and an error if it names another account.
    pub(super) fn of(case: &Case, verdict: BackendVerdict, now: Timestamp) -> Self {
        let BackendVerdict { verdict, reason, message, beneficiary } = verdict;
        let reason = reason.to_owned();
        let refusal = Self { verdict, reason, message, verified_at: now, beneficiary: None };
        match (verdict, beneficiary) {
            (Verdict::Verified, Some(party))
                if party.account_number() == Some(&case.row.beneficiary_account_number) =>
            {
                let party = write::verify_vasp::party(&minimise(&party, &case.required), Role::Beneficiary);
                if party.to_string().len() > limits::PAYLOAD_BYTES {
                    tracing::error!(
                        alarm = "backend",
                        "the backend says more of a beneficiary than can be sent"
                    );
                    return Self::undecided(now);
                }
                Self { beneficiary: Some(Hidden(party)), ..refusal }
            }
            (Verdict::Verified, _) => Self::error(reason::BENEFICIARY_ACCOUNT_NOT_MATCHED, now),
            _ => refusal,
        }
    }

    /// The backend cannot be understood.
    pub(super) fn undecided(now: Timestamp) -> Self {
        Self::error(reason::UNDEFINED_ERROR, now)
    }

    fn error(reason: &str, now: Timestamp) -> Self {
        let reason = reason.to_owned();
        Self { verdict: Verdict::Error, reason, message: None, verified_at: now, beneficiary: None }
    }

    /// What was answered before, from its row; [`None`] when there was no answer in time.
    pub(super) fn stored(vault: &Vault, row: &VerificationRow) -> Result<Option<Self>, VaultError> {
        // What followed a good answer has overwritten its result.
        let followed = row.error_reported_at.is_some() || row.tx_hash.is_some();
        let verdict = match row.result {
            _ if followed => Verdict::Verified,
            _ if row.reason.as_deref() == Some(reason::REQUEST_TIMEOUT) => return Ok(None),
            VerificationResult::Verified => Verdict::Verified,
            VerificationResult::Denied => Verdict::Denied,
            VerificationResult::Error => Verdict::Error,
            _ => return Ok(None),
        };
        let open = |column, sealed| vault.open_column(row.uuid, column, sealed);
        let message = row.message_sealed.as_deref().filter(|_| !followed);
        let message = message.map(|sealed| open(Column::Message, sealed)).transpose()?;
        let beneficiary = match verdict {
            Verdict::Verified => {
                serde_json::from_str(&open(Column::Beneficiary, &row.beneficiary_sealed)?).ok()
            }
            Verdict::Denied | Verdict::Error => None,
        };
        let reason = row.reason.clone().filter(|_| !followed);
        Ok(Some(Self {
            verdict,
            reason: reason.unwrap_or_else(|| reason::OK.to_owned()),
            message: message.map(|text| Hidden(text.to_string())),
            verified_at: row.verified_at.unwrap_or(row.created_at),
            beneficiary: beneficiary.map(Hidden),
        }))
    }

    /// Its wire form, to be sealed. `version` is that of the question.
    pub(super) fn answer(&self, version: &str) -> VerificationAnswer {
        let ivms101 = self.beneficiary.as_ref().map(|party| Hidden(json!({"beneficiary": party.0})));
        VerificationAnswer {
            result: self.verdict,
            reason: Some(self.reason.clone()),
            message: self.message.clone(),
            verified_at: self.verified_at,
            version: ivms101.is_some().then(|| version.to_owned()),
            ivms101,
        }
    }

    /// What is written with it.
    pub(super) fn record(&self, ctx: &Context, row: VerificationRow, traceparent: Option<String>) -> Record {
        let event = match self.reason.as_str() {
            reason::BENEFICIARY_ACCOUNT_NOT_MATCHED => Event::AccountNotMatched,
            _ => Event::Answered(self.verdict),
        };
        let seal = |column, text: &str| ctx.vault.seal_column(row.uuid, column, text);
        let change = Change {
            reason: Some(self.reason.clone()),
            message_sealed: self.message.as_ref().map(|text| seal(Column::Message, text)),
            beneficiary_sealed: self
                .beneficiary
                .as_ref()
                .map(|it| seal(Column::Beneficiary, &it.to_string())),
            verified_at: Some(self.verified_at),
            ..Change::default()
        };
        let audit = AuditEntry {
            at: self.verified_at,
            event: "VERIFICATION-ANSWERED",
            actor: "node".to_owned(),
            subject: Some(row.uuid.to_string()),
            detail: json!({"result": self.verdict, "reason": self.reason}),
        };
        let screenings = match event {
            Event::Answered(Verdict::Verified) => {
                Screenings::after(ctx, ScreeningEvent::Verified, Role::Beneficiary, row.uuid, traceparent)
            }
            _ => Screenings::default(),
        };
        Record { row, event, change, audit, screenings }
    }
}

impl Record {
    /// Writes the answer down; false, with nothing changed, when the verification waits no more.
    ///
    /// Where the node is its own counterparty, the originating side writes it down: it also has to call back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        if self_flow::is_own_counterparty(&self.row) {
            let row = verifications::find(tx, self.row.uuid).await?;
            return Ok(row.is_some_and(|row| row.state() == VerificationState::WAIT));
        }
        let waiting = VerificationState::WAIT;
        let written = verifications::advance(tx, self.row.uuid, waiting, self.event, &self.change).await?;
        if written {
            audit::append(tx, &self.audit).await?;
            self.screenings.add(tx).await?;
            let result = apply(waiting, self.event).map_or(VerificationResult::Error, |to| to.result);
            tx.note_ended(Role::Beneficiary, result, self.row.created_at, self.audit.at);
        }
        Ok(written)
    }
}

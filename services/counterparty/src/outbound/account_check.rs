//! Asks a member whether an account, and the person where one is named, is a customer's.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use waybill_bus::RequestHandler;
use waybill_domain::{AccountVerificationResult, Fault, codes, limits};
use waybill_ivms101::{first_fault, read_account_check, write};
use waybill_jobs::{AccountAnswer, CheckAccount, Request as _};
use waybill_protocol::messages::{
    AccountAnswer as SealedAnswer, AccountQuestion, AccountsRequest, AccountsResponse, MessageType, ReplyKey,
};
use waybill_protocol::{Hidden, parse_body};

use crate::peers::{KeyScope, OpenError, Patience, PeerError, Peers, SealedMessage, open_sealed};

/// What the way back through this node may take.
const MARGIN: Duration = Duration::from_millis(100);

/// Answers [`CheckAccount`].
pub(super) struct AccountCheck {
    pub peers: Peers,
}

#[async_trait]
impl RequestHandler<CheckAccount> for AccountCheck {
    async fn answer(&self, request: CheckAccount) -> Result<AccountAnswer, Fault> {
        let whole = self.peers.ctx.settings.ingress.account_timeout.saturating_sub(MARGIN);
        let patience = Patience::new(self.peers.patience(), whole);
        let (question, address) = self.question(&request)?;
        let scope = KeyScope {
            vasp_id: request.beneficiary_vasp_id,
            key_type: request.key_type,
            address: &address,
            verification: None,
        };
        let reply_key = self.peers.reply_key(&scope, patience.left()).await?;
        let answer = self.ask(&request, &question, scope, reply_key, patience).await?;
        Ok(self.seal(&request, answer))
    }
}

impl AccountCheck {
    /// The question and the address in it.
    fn question(&self, request: &CheckAccount) -> Result<(AccountQuestion, String), Fault> {
        let sealed = &request.payload_sealed;
        let payload = self.peers.ctx.vault.open_request(CheckAccount::KIND, &request.request_id, sealed)?;
        let payload: AccountQuestion = parse_body(payload.as_bytes())?;
        let asked = read_account_check(&payload.ivms101, "payload.ivms101")
            .map_err(|findings| first_fault(&findings).unwrap_or_else(codes::internal_error))?
            .value;
        let address = asked.account_number().unwrap_or_default().to_owned();
        let ivms101: Value = write::verify_vasp::beneficiary_only(&asked);
        Ok((AccountQuestion { version: payload.version, ivms101: Hidden(ivms101) }, address))
    }

    async fn ask(
        &self,
        request: &CheckAccount,
        question: &AccountQuestion,
        scope: KeyScope<'_>,
        reply_key: ReplyKey,
        patience: Patience,
    ) -> Result<SealedAnswer, Fault> {
        let message =
            SealedMessage { kind: MessageType::Accounts, about: None, scope, payload: question, patience };
        let body = |sealed| AccountsRequest {
            key_type: request.key_type,
            symbol: request.symbol.clone(),
            network: request.network.clone(),
            reply_key: reply_key.clone(),
            sealed,
        };
        let answer = self.peers.send_sealed::<_, _, AccountsResponse>(&message, body).await?;
        match open_sealed(&self.peers.ctx, &answer.context, &answer.body.sealed).await {
            Ok(opened) => Ok(opened),
            Err(OpenError::Payload(_) | OpenError::UnknownKey) => {
                Err(PeerError::InvalidAnswer("it does not open").into())
            }
            Err(ours @ (OpenError::Vault(_) | OpenError::Store(_))) => Err(ours.into()),
        }
    }

    /// The answer as it travels on our bus. Reason and message of a denial pass through as they are.
    fn seal(&self, request: &CheckAccount, answer: SealedAnswer) -> AccountAnswer {
        let denied = answer.account_verification_result == AccountVerificationResult::Denied;
        let bounded = |text: String, limit| text.chars().take(limit).collect::<String>();
        let message = answer.message.filter(|_| denied).map(|text| bounded(text.0, limits::MESSAGE));
        let seal =
            |text: String| self.peers.ctx.vault.seal_request(CheckAccount::KIND, &request.request_id, &text);
        AccountAnswer {
            account_verification_result: answer.account_verification_result,
            reason: answer.reason.filter(|_| denied).map(|text| bounded(text, limits::REASON)),
            message_sealed: message.map(seal),
            verified_at: answer.verified_at,
        }
    }
}

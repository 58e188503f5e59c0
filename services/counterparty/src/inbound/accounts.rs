//! `accounts`: is this account a customer's? Our backend is asked while the counterparty waits; nothing is stored
//! but the sealed answer.

use waybill_domain::{Fault, limits};
use waybill_ivms101::{read_account_check, write};
use waybill_protocol::Hidden;
use waybill_protocol::messages::{AccountAnswer, AccountQuestion, AccountsRequest, AccountsResponse};

use super::{Handled, Listener, Message, Reply, faults, payload, seen};
use crate::backend::AccountCheck;

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let asked: AccountsRequest = message.read()?;
    check(&asked)?;
    let answer = ask(listener, message, &asked).await?;
    let context = message.seal_context(None).response();
    let reply = Reply::ok(&AccountsResponse {
        sealed: payload::seal(listener, &context, &asked.reply_key, &answer)?,
    })?;
    keep(listener, message, asked.sealed.key_id, reply).await
}

fn check(asked: &AccountsRequest) -> Result<(), Fault> {
    if !limits::fits(&asked.symbol, limits::SYMBOL) {
        return Err(Fault::invalid("symbol"));
    }
    if asked.network.as_deref().is_some_and(|network| !limits::fits(network, limits::NETWORK)) {
        return Err(Fault::invalid("network"));
    }
    payload::reply_key(&asked.reply_key).map(drop)
}

async fn ask(
    listener: &Listener,
    message: &Message,
    asked: &AccountsRequest,
) -> Result<AccountAnswer, Fault> {
    let question: AccountQuestion = payload::open(listener, message, None, &asked.sealed).await?;
    payload::check_version(&question.version)?;
    let party = read_account_check(&question.ivms101, "ivms101").map_err(payload::invalid_document)?;
    let ivms101 = write::verify_vasp::beneficiary_only(&party.value);
    payload::check_size(&[&ivms101])?;
    let check = AccountCheck {
        originating_vasp_id: message.sender(),
        symbol: &asked.symbol,
        network: asked.network.as_deref(),
        version: &question.version,
        ivms101: Hidden(&ivms101),
    };
    let verdict = listener.backend.check_account(check).await?;
    Ok(AccountAnswer {
        account_verification_result: verdict.result,
        reason: verdict.reason.map(str::to_owned),
        message: verdict.message,
        verified_at: verdict.verified_at,
    })
}

async fn keep(listener: &Listener, message: &Message, key_id: String, reply: Reply) -> Handled {
    let args = (message.mark(), reply.clone(), key_id);
    let kept = listener.ctx.store.write("accounts::keep", args, |tx, (mark, reply, key_id)| {
        Box::pin(async move {
            payload::forget_key(tx, key_id).await?;
            seen::remember(tx, mark, reply).await
        })
    });
    kept.await.map_err(faults::of_store)?.unwrap_or(Ok(reply))
}

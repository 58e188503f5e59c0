//! The routes of the public listener.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;
use waybill_context::SharedContext;
use waybill_domain::codes;
use waybill_protocol::Exchange;
use waybill_protocol::messages::MessageType;
use waybill_runtime::http::{Front, with_front};

use super::respond::respond;
use super::{Handled, Listener, Message, guard, refusals, seen, trace};
use super::{accounts, answers, errors, expiries, inquiries, keys, transactions, verifications};

/// What a message may take besides its body and our backend.
const OVERHEAD: Duration = Duration::from_secs(15);

/// Everything that other members may call: `POST /peer/v1/{message}` and `GET /healthcheck`, below the path of the
/// node's public endpoint, which signatures cover.
pub fn router(ctx: &SharedContext) -> Router {
    let settings = &ctx.settings;
    let base = settings.listener.public_endpoint.as_ref().map_or("", |url| url.path().trim_end_matches('/'));
    let router = Router::new()
        .route(&format!("{base}/peer/v1/{{message}}"), post(receive))
        .route(&format!("{base}/healthcheck"), get(async || axum::Json(json!({"status": "UP"}))))
        .with_state(Arc::new(Listener::new(ctx)));
    let request_timeout =
        settings.listener.body_timeout + settings.listener.inline_answer_budget.max(slowest(ctx)) + OVERHEAD;
    let entropy = ctx.entropy.clone();
    with_front(router, Front { api: "listener", request_timeout, continue_traces: false, entropy })
}

fn slowest(ctx: &SharedContext) -> Duration {
    let backend = &ctx.settings.backend;
    backend.account_timeout.max(backend.transaction_timeout)
}

async fn receive(
    State(listener): State<Arc<Listener>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let exchange = Exchange::read(request.headers());
    let handled = handle(&listener, &name, request).await;
    respond(&listener.ctx, exchange.as_ref(), handled)
}

async fn handle(listener: &Arc<Listener>, name: &str, request: Request) -> Handled {
    let kind: MessageType = name.parse().map_err(|_| codes::path_not_found())?;
    let (parts, body) = request.into_parts();
    let message = match guard::admit(listener, kind, &parts, body).await {
        Ok(message) => message,
        Err(refused) => {
            refusals::of_stranger(listener, kind, &refused).await;
            return Err(refused.fault);
        }
    };
    trace::continued(&listener.ctx, &parts.headers, take(listener, &message)).await
}

async fn take(listener: &Arc<Listener>, message: &Message) -> Handled {
    let handled = match seen::recall(listener, message.mark()).await? {
        Some(before) => before,
        None => dispatch(listener, message).await,
    };
    if let Err(fault) = &handled {
        refusals::of_member(listener, message, fault).await;
    }
    handled
}

async fn dispatch(listener: &Arc<Listener>, message: &Message) -> Handled {
    match message.kind {
        MessageType::Keys => keys::handle(listener, message).await,
        MessageType::Accounts => accounts::handle(listener, message).await,
        MessageType::Verifications => verifications::handle(listener, message).await,
        MessageType::Answers => answers::handle(listener, message).await,
        MessageType::Transactions => transactions::handle(listener, message).await,
        MessageType::Errors => errors::handle(listener, message).await,
        MessageType::Inquiries => inquiries::handle(listener, message).await,
        MessageType::Expiries => expiries::handle(listener, message).await,
    }
}

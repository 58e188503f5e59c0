//! Asks one member's node whether it is there.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use waybill_directory::Member;
use waybill_egress::{Call, EgressClass, EgressError};

use crate::peers::Peers;

const PATH: &str = "/healthcheck";
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Whether the node answered; nothing when it was not asked. The poll has a circuit breaker of its own, so that it
/// neither hides behind failed messages nor holds messages up.
pub(super) async fn poll(peers: &Peers, member: &Member) -> Option<bool> {
    let call = Call {
        class: EgressClass::Directory { allow: peers.allow.clone() },
        destination: format!("health:{}", member.vasp_id),
        method: Method::GET,
        url: member.endpoint.join(PATH),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        timeout: peers.ctx.settings.health.timeout,
        max_answer_bytes: MAX_ANSWER_BYTES,
        concurrency: None,
        sign_of_life: None,
    };
    match peers.ctx.egress.send(call).await {
        Ok(answer) => Some(answer.status == StatusCode::OK),
        Err(EgressError::BreakerOpen { .. } | EgressError::Busy { .. }) => None,
        Err(_) => Some(false),
    }
}

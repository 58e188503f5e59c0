//! `GET /v1/vasps/self`: who we are.

mod describe;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::ingress::SharedIngress;

pub(crate) use describe::operation;

pub(crate) async fn answer(State(ingress): State<SharedIngress>) -> Json<Value> {
    Json(json!({ "vaspId": ingress.ctx.own_id }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Api;

    #[tokio::test]
    async fn our_id_is_a_string() {
        let answer = Api::start().await.get("/v1/vasps/self").await;
        assert_eq!((answer.status, answer.text()), (200, r#"{"vaspId":"15952089931162059995"}"#));
    }
}

//! `GET /healthcheck`: open to everybody who reaches the port.

mod describe;

use axum::Json;
use serde_json::{Value, json};

pub(crate) use describe::operation;

pub(crate) async fn answer() -> Json<Value> {
    Json(json!({ "status": "UP" }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Api;

    #[tokio::test]
    async fn says_that_it_is_up_without_asking_for_a_key() {
        let api = Api::start().await;
        api.make_key("vasps:read").await;
        let answer = api.get("/healthcheck").await;
        assert_eq!((answer.status, answer.text()), (200, r#"{"status":"UP"}"#));
    }
}

//! What no backend answers, refused in the one error shape.

mod common;

use axum::body::Body;
use axum::http::{Method, Request};
use common::{Fixture, OUR_TOKEN, OURS, ROBOT_TOKEN, callback, request};
use serde_json::json;

async fn refused(fixture: &Fixture, request: Request<Body>) -> (u16, String) {
    let answer = fixture.send(request).await.unwrap();
    let body = answer.json();
    assert!(body["message"].is_string());
    (answer.status.as_u16(), body["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn without_the_right_token_nothing_is_read_or_kept() {
    let fixture = Fixture::new();
    let path = format!("/vasps/{OURS}/callback");
    for token in ["", ROBOT_TOKEN, "Bearer x", &OUR_TOKEN.to_lowercase()] {
        let request = request(Method::POST, &path, token, callback().to_string());
        assert_eq!(refused(&fixture, request).await, (401, "UNAUTHORIZED".to_owned()));
    }
    assert!(fixture.journal(&format!("vasp={OURS}")).await.is_empty());
}

#[tokio::test]
async fn wrong_paths_methods_and_bodies_have_codes() {
    let fixture = Fixture::new();
    let callback_path = format!("/vasps/{OURS}/callback");
    let post = |path: &str, body: String| request(Method::POST, path, OUR_TOKEN, body);
    for (request, status, code) in [
        (post("/nowhere", String::new()), 404, "NOT-FOUND"),
        (post("/vasps/7/callback", String::new()), 404, "VASP-NOT-FOUND"),
        (request(Method::GET, &callback_path, OUR_TOKEN, String::new()), 405, "METHOD-NOT-ALLOWED"),
        (post(&callback_path, "{".to_owned()), 400, "INVALID-JSON"),
        (post(&callback_path, " ".repeat(1024 * 1024 + 1)), 413, "BODY-TOO-LARGE"),
        (post(&callback_path, json!({"data": {}}).to_string()), 400, "MISSING-CALLBACK-TYPE"),
        (post(&callback_path, json!({"callbackType": "X"}).to_string()), 400, "MISSING-DATA"),
    ] {
        assert_eq!(refused(&fixture, request).await, (status, code.to_owned()));
    }
    let kept = fixture.journal(&format!("vasp={OURS}")).await;
    assert_eq!(kept[0]["body"], "{", "what is no JSON is kept as text");
}

#[tokio::test]
async fn the_health_check_says_up() {
    let answer = Fixture::new().get("/healthcheck").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"status": "UP"})));
}

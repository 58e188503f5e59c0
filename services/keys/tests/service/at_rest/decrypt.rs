//! The endpoint that unwraps keys, played by the test.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::{Value, json};
use waybill_keys::at_rest::operate::{self, Added};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};

use super::house::{K1, K2_KEY, Node, egress, settings, write_private};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const REFERENCE: &str = "arn:aws:kms:eu-west-1:1:key/first";

/// The token and the body of a request.
type Asked = (Option<String>, Value);

/// What the endpoint was asked, and what it says.
#[derive(Clone, Default)]
struct Double {
    asked: Arc<Mutex<Vec<Asked>>>,
    answers: Arc<Mutex<Vec<(u16, String)>>>,
}

impl Double {
    async fn start(answers: &[(u16, Value)]) -> (Self, String) {
        let double = Self::default();
        *double.answers.lock().unwrap() =
            answers.iter().rev().map(|(status, body)| (*status, body.to_string())).collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/decrypt", listener.local_addr().unwrap());
        let app = Router::new().route("/decrypt", post(answer)).with_state(double.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (double, url)
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Gives the answers in order, the last one again and again.
async fn answer(State(double): State<Double>, headers: HeaderMap, body: String) -> impl IntoResponse {
    let token = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    double.asked.lock().unwrap().push((token, serde_json::from_str(&body).unwrap()));
    let mut answers = double.answers.lock().unwrap();
    let (status, body) = if answers.len() > 1 { answers.pop().unwrap() } else { answers[0].clone() };
    (StatusCode::from_u16(status).unwrap(), body)
}

fn good() -> (u16, Value) {
    (200, json!({"outputKey": KEY}))
}

async fn start(folder: &TestFolder, url: &str, keyring: &str) -> Result<Node, String> {
    let more = [("ENCRYPTION__DECRYPT_URL", url), ("BACKEND__AUTHORIZATION_TOKEN", "t0ken")];
    let settings = settings(folder, "a", &more);
    write_private(settings.encryption.keyring_file.as_ref().unwrap(), keyring);
    Node::start_with(folder, settings, 1).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn references_become_keys_at_the_start_and_when_the_file_changes() {
    let folder = TestFolder::new();
    Node::start(&folder, "a", 1, K1).await.stop().await;
    let (double, url) = Double::start(&[good(), (200, json!({"outputKey": K2_KEY}))]).await;
    let node = start(&folder, &url, &format!("k1:{REFERENCE}")).await.unwrap();
    node.fill(0).await;
    let first = (Some("Bearer t0ken".to_owned()), json!({"inputKey": REFERENCE}));
    assert_eq!(double.asked(), [first]);

    write_private(&node.file(), &format!("k1:{REFERENCE}\nk2:second"));
    node.until_ring(&["k1", "k2"]).await;
    assert_eq!(double.asked().len(), 2, "only what is new is asked for: {:?}", double.asked());
    node.opens(0).await;
    node.stop().await;
}

#[tokio::test]
async fn a_hiccup_is_waited_out() {
    let folder = TestFolder::new();
    let (double, url) = Double::start(&[(503, json!({})), good()]).await;
    start(&folder, &url, &format!("k1:{REFERENCE}")).await.unwrap().stop().await;
    assert_eq!(double.asked().len(), 2);
}

#[tokio::test]
async fn every_wrong_answer_has_its_error_which_shows_no_key() {
    let short = "AAECAwQFBgcICQoLDA0ODw==";
    for (answer, expected) in [
        ((404, json!({"outputKey": KEY})), "it answered 404 instead of 200"),
        ((201, json!({"outputKey": KEY})), "it answered 201 instead of 200"),
        ((302, json!({"outputKey": KEY})), "it answered 302 instead of 200"),
        ((200, json!([KEY])), "not a JSON object with the text `outputKey`"),
        ((200, json!({"outputKey": 7})), "not a JSON object with the text `outputKey`"),
        ((200, json!({"outputKey": short})), "must have 32 bytes"),
        ((200, json!({"outputKey": "%%%"})), "not valid base64"),
        ((200, json!({"outputKey": ""})), "must have 32 bytes"),
        ((200, json!({"outputKey": KEY.repeat(200)})), "larger than 4096 bytes"),
    ] {
        let folder = TestFolder::new();
        let (double, url) = Double::start(&[answer]).await;
        let refused = start(&folder, &url, &format!("k1:{REFERENCE}")).await.err().unwrap();
        assert!(refused.contains("\"k1\"") && refused.contains(expected), "{refused}");
        assert!(!refused.contains("AAEC") && !refused.contains(REFERENCE), "{refused}");
        assert_eq!(double.asked().len(), 1, "such an answer does not change by asking again");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_named() {
    let folder = TestFolder::new();
    let refused =
        start(&folder, "http://127.0.0.1:1/decrypt", &format!("k1:{REFERENCE}")).await.err().unwrap();
    assert!(
        refused.contains("encryption.decrypt_url") && refused.contains("connection was refused"),
        "{refused}"
    );
    assert!(!refused.contains(REFERENCE));
}

#[tokio::test]
async fn a_wrapped_key_is_tried_before_it_is_added() {
    let folder = TestFolder::new();
    let (_double, url) = Double::start(&[good(), (404, json!({})), good()]).await;
    let node = start(&folder, &url, &format!("k1:{REFERENCE}")).await.unwrap();
    let add = async |wrapped: Option<&str>| {
        let (clock, entropy, wrapped) =
            (MockClock::default(), SeededEntropy::new(4), wrapped.map(str::to_owned));
        operate::add(&node.ring(), &node.store, &egress(), &clock, &entropy, Some("k2"), wrapped).await
    };
    let file = std::fs::read_to_string(node.file()).unwrap();
    assert!(add(None).await.unwrap_err().to_string().contains("--wrapped"));
    assert!(add(Some("a,b")).await.unwrap_err().to_string().contains("without commas"));
    assert!(add(Some("second")).await.unwrap_err().to_string().contains("it answered 404"));
    assert_eq!(std::fs::read_to_string(node.file()).unwrap(), file);
    assert_eq!(add(Some("second")).await.unwrap(), Added::New("k2".to_owned()));
    assert!(std::fs::read_to_string(node.file()).unwrap().contains("k2:second"));
    node.stop().await;
}

//! The journal: what it keeps, what it hides, and what survives.

mod common;

use std::fs;
use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderName, Method, Request};
use common::{Fixture, NOW, OUR_TOKEN, OURS, ROBOT, account_request, callback, open, options, request};
use serde_json::{Value, json};
use waybill_sandbox::{JournalKeeping, OpenError, Sandbox, Token};
use waybill_testkit::TestFolder;

fn numbered(number: u64) -> Value {
    json!({"callbackType": "TX_REPORT", "data": {"number": number}})
}

fn numbers(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["body"]["data"]["number"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn an_entry_has_four_fields_and_no_token() {
    let fixture = Fixture::new();
    fixture.post(OURS, "callback", &callback()).await;
    fixture.post(ROBOT, "account", &account_request()).await;
    let expected = json!([{
        "at": NOW,
        "path": format!("/vasps/{OURS}/callback"),
        "headers": {"content-type": "application/json", "authorization": "Bearer ***"},
        "body": callback(),
    }]);
    assert_eq!(Value::Array(fixture.journal(&format!("vasp={OURS}")).await), expected);
    let file = fs::read_to_string(fixture.folder.join("journal.jsonl")).unwrap();
    assert!(file.contains("Taylor"), "the scan below would find what is there");
    assert!(!file.contains("our-secret") && !file.contains("robot-secret"));
}

#[tokio::test]
async fn a_token_in_a_header_of_its_own_is_masked_too() {
    let mut options = options();
    options.backends[0].token = Token::in_header(HeaderName::from_static("x-vasp-key"), "k3y-0f-ours".into());
    let folder = TestFolder::new();
    let sandbox = Sandbox::open(folder.path().to_owned(), options).unwrap();
    let fixture = Fixture { sandbox, folder };
    let body = callback().to_string();
    let path = format!("/vasps/{OURS}/callback");
    let right = Request::post(&path).header("x-vasp-key", "k3y-0f-ours");
    let right = right.header("authorization", "Bearer left-over").body(Body::from(body.clone())).unwrap();
    assert_eq!(fixture.send(right).await.unwrap().status, 200);
    let bearer = request(Method::POST, &path, "Bearer k3y-0f-ours", body);
    assert_eq!(fixture.send(bearer).await.unwrap().status, 401);

    let entries = fixture.journal(&format!("vasp={OURS}")).await;
    let expected = json!({"x-vasp-key": "***", "authorization": "Bearer ***"});
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["headers"], expected);
}

#[tokio::test]
async fn entries_are_selected_by_path_number_and_limit() {
    let fixture = Fixture::new();
    for number in 1..=6 {
        fixture.post(OURS, "callback", &numbered(number)).await;
        fixture.post(OURS, "account", &account_request()).await;
    }
    let selected = async |query: &str| {
        let answer = fixture.get(&format!("/journal?vasp={OURS}&path=callback{query}")).await;
        let last: u64 = answer.headers["journal-last"].to_str().unwrap().parse().unwrap();
        (numbers(answer.json().as_array().unwrap()), last)
    };
    assert_eq!(selected("").await, (vec![1, 2, 3, 4, 5, 6], 12));
    assert_eq!(selected("&limit=2").await, (vec![5, 6], 12), "the newest");
    assert_eq!(selected("&after=4&limit=2").await, (vec![3, 4], 7), "a page to continue from");
    assert_eq!(selected("&after=7&limit=2").await, (vec![5, 6], 11));
    assert_eq!(selected("&after=11&limit=2").await, (vec![], 12));
    assert_eq!(selected("&after=99").await, (vec![], 12));
    let whole = fixture.journal(&format!("vasp={OURS}&path=/vasps/{OURS}/callback")).await;
    assert_eq!(numbers(&whole), [1, 2, 3, 4, 5, 6]);
    let count = fixture.get(&format!("/journal/count?vasp={OURS}&path=callback")).await.json();
    assert_eq!(count, json!({"count": 6}));
    for (query, status) in [
        ("", 400),
        ("vasp=1", 404),
        (&*format!("vasp={OURS}&path=nowhere"), 400),
        (&*format!("vasp={OURS}&limit=0"), 400),
        (&*format!("vasp={OURS}&limit=10001"), 400),
        (&*format!("vasp={OURS}&after=-1"), 400),
        (&*format!("vasp={OURS}&since=1"), 400),
    ] {
        assert_eq!(fixture.get(&format!("/journal?{query}")).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn a_restart_keeps_all_and_a_torn_line_is_cut_away() {
    let fixture = Fixture::new();
    for number in 1..=3 {
        fixture.post(OURS, "callback", &numbered(number)).await;
    }
    let Fixture { sandbox, folder } = fixture;
    drop(sandbox);
    let path = folder.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let torn = &whole[..whole.len() / 3 - 10];
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(torn).unwrap();

    let sandbox = open(folder.path(), JournalKeeping::Full);
    assert_eq!(fs::read(&path).unwrap(), whole);
    let fixture = Fixture { sandbox, folder };
    fixture.post(OURS, "callback", &numbered(4)).await;
    assert_eq!(numbers(&fixture.journal(&format!("vasp={OURS}")).await), [1, 2, 3, 4]);
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_file_at_once() {
    let fixture = Fixture::new();
    for number in 1..=20 {
        fixture.post(OURS, "callback", &numbered(number)).await;
        let file = fs::read_to_string(fixture.folder.join("journal.jsonl")).unwrap();
        assert_eq!(file.lines().count() as u64, number);
        assert!(file.ends_with('\n'));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_kept_once_each() {
    let fixture = Fixture::new();
    let router = fixture.sandbox.router();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..500 {
        let path = format!("/vasps/{OURS}/callback");
        let request = request(Method::POST, &path, OUR_TOKEN, numbered(number).to_string());
        tasks.spawn(tower::ServiceExt::oneshot(router.clone(), request));
    }
    while let Some(answer) = tasks.join_next().await {
        assert_eq!(answer.unwrap().unwrap().status(), 200);
    }
    let mut kept = numbers(&fixture.journal(&format!("vasp={OURS}")).await);
    kept.sort_unstable();
    assert_eq!(kept, (0..500).collect::<Vec<_>>());
}

#[tokio::test]
async fn counting_only_writes_nothing() {
    let fixture = Fixture::with(JournalKeeping::CountOnly);
    for number in 1..=3 {
        assert_eq!(fixture.post(OURS, "callback", &numbered(number)).await.status, 200);
    }
    let count = fixture.get(&format!("/journal/count?vasp={OURS}")).await.json();
    assert_eq!(count, json!({"count": 3}));
    assert!(fixture.journal(&format!("vasp={OURS}")).await.is_empty());
    assert_eq!(fs::metadata(fixture.folder.join("journal.jsonl")).unwrap().len(), 0);
}

#[tokio::test]
async fn a_second_sandbox_on_the_folder_is_refused() {
    let fixture = Fixture::new();
    let second = Sandbox::open(fixture.folder.path().to_owned(), options());
    assert!(matches!(second, Err(OpenError::InUse)));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt;

    let parent = TestFolder::new();
    let folder = parent.join("a/b");
    let _sandbox = open(&folder, JournalKeeping::Full);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.clone()), 0o700);
    assert_eq!(mode(folder.join("journal.jsonl")), 0o600);
}

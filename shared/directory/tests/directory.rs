//! Signing, verifying and reloading a directory, and everything that is refused.

use std::path::Path;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;
use waybill_crypto::{IdentityKey, KeyError};
use waybill_directory::{
    Directory, DirectoryError, DirectoryHolder, DirectorySource, Document, Envelope, FetchDirectory,
    FetchError, LoadError, MAX_BYTES, Reload, SourceError, sign, verify,
};
use waybill_domain::{Timestamp, VaspId};

const OURS: VaspId = VaspId::new(15_952_089_931_162_059_995);
const ROBOT: VaspId = VaspId::new(27_372_039_731_940_770);

fn operator() -> IdentityKey {
    IdentityKey::from_seed(&[9; 32])
}

fn at(text: &str) -> Timestamp {
    waybill_domain::parse_time(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-01-15T00:00:00Z")
}

fn member(id: VaspId, seed: u8) -> Value {
    let key = IdentityKey::from_seed(&[seed; 32]);
    json!({
        "vaspId": id, "vaspName": "A", "legalPerson": {"legalPerson": {"name": {"nameIdentifier": []}}},
        "jurisdiction": "Korea", "country": "Korea", "countryCode": "KR", "licensedStatus": "Regulated",
        "vaspStatus": "VERIFIED-MEMBER", "active": true, "endpoint": "http://127.0.0.1:21118/",
        "identityKeys": [{
            "keyId": key.key_id(), "publicKey": key.verifying_key().to_string(),
            "notBefore": "2026-01-01T00:00:00.000Z", "notAfter": "2027-01-01T00:00:00.000Z"
        }],
        "protocols": ["ALLIANCE"], "assets": [{"symbol": "ETH", "networks": ["Ethereum"]}],
        "createdAt": "2025-01-01T00:00:00.000Z", "updatedAt": "2025-01-02T00:00:00.000Z"
    })
}

fn document(version: u64) -> Value {
    json!({
        "version": version, "issuedAt": "2026-01-01T00:00:00.000Z", "expiresAt": "2026-02-01T00:00:00.000Z",
        "members": [member(OURS, 1), member(ROBOT, 2)]
    })
}

fn signed(document: &Value) -> String {
    let document: Document = serde_json::from_value(document.clone()).unwrap();
    sign(&document, &operator()).unwrap()
}

/// Signs whatever it is given, as an operator with other software might.
fn signed_unchecked(json: &str) -> String {
    let bytes = [b"waybill directory v1\n", json.as_bytes()].concat();
    let envelope = Envelope {
        document: URL_SAFE_NO_PAD.encode(json),
        signature: URL_SAFE_NO_PAD.encode(operator().sign(&bytes)),
        key_id: operator().key_id(),
    };
    serde_json::to_string(&envelope).unwrap()
}

fn check(text: &str) -> Result<Directory, DirectoryError> {
    verify(text.as_bytes(), &operator().verifying_key(), now(), 0)
}

/// The refusal of a document changed by `change`: the same when it is signed and when it is read.
fn refusal(change: impl FnOnce(&mut Value)) -> DirectoryError {
    let mut json = document(1);
    change(&mut json);
    let read = check(&signed_unchecked(&json.to_string())).unwrap_err();
    let typed: Document = serde_json::from_value(json).unwrap();
    assert_eq!(sign(&typed, &operator()).unwrap_err().to_string(), read.to_string());
    read
}

#[test]
fn a_signed_directory_is_read_and_looked_up() {
    let directory = check(&signed(&document(7))).unwrap();
    assert_eq!(directory.version(), 7);
    assert_eq!(directory.members().len(), 2);
    let robot = directory.member(ROBOT).unwrap();
    assert_eq!(robot.endpoint.join("/healthcheck").as_str(), "http://127.0.0.1:21118/healthcheck");
    assert_eq!(serde_json::to_value(robot).unwrap(), member(ROBOT, 2));
    assert!(directory.member(VaspId::new(1)).is_none());
}

#[test]
fn identity_keys_are_found_for_their_owner_while_they_are_valid() {
    let directory = check(&signed(&document(1))).unwrap();
    let key = IdentityKey::from_seed(&[2; 32]).verifying_key();
    let found = |owner, when| directory.identity_key(owner, &key.key_id(), when);
    assert_eq!(found(ROBOT, now()), Some(key));
    assert_eq!(found(ROBOT, at("2026-01-01T00:00:00Z")), Some(key));
    assert_eq!(found(ROBOT, at("2025-12-31T23:59:59Z")), None, "not yet");
    assert_eq!(found(ROBOT, at("2027-01-01T00:00:00Z")), None, "no longer");
    assert_eq!(found(OURS, now()), None, "another member's key");
    assert_eq!(directory.identity_key(ROBOT, "unknown", now()), None);
}

#[test]
fn an_unsigned_altered_or_foreign_directory_is_refused() {
    for text in ["", "{}", "[]", &document(1).to_string()] {
        assert!(matches!(check(text), Err(DirectoryError::NotEnvelope(_))), "{text}");
    }
    let envelope: Envelope = serde_json::from_str(&signed(&document(1))).unwrap();
    let check_envelope = |envelope: &Envelope| check(&serde_json::to_string(envelope).unwrap()).unwrap_err();
    let other = URL_SAFE_NO_PAD.encode(document(2).to_string());
    let altered = check_envelope(&Envelope { document: other, ..envelope.clone() });
    assert!(matches!(altered, DirectoryError::BadSignature));
    let unsigned = check_envelope(&Envelope { signature: String::new(), ..envelope.clone() });
    assert!(matches!(unsigned, DirectoryError::BadSignature));
    let broken = check_envelope(&Envelope { document: "%".to_owned(), ..envelope.clone() });
    assert!(matches!(broken, DirectoryError::NotEnvelope(_)));
    let foreign = check_envelope(&Envelope { key_id: "somebody".to_owned(), ..envelope });
    assert!(matches!(foreign, DirectoryError::UnknownSigner { .. }));
    let bare = URL_SAFE_NO_PAD.encode(operator().sign(document(1).to_string().as_bytes()));
    let text = json!({
        "document": URL_SAFE_NO_PAD.encode(document(1).to_string()), "signature": bare, "keyId": operator().key_id()
    });
    assert!(matches!(check(&text.to_string()), Err(DirectoryError::BadSignature)), "signed for no purpose");
}

#[test]
fn a_malformed_document_is_refused_with_its_path() {
    let path_of = |change: &dyn Fn(&mut Value)| {
        let mut json = document(1);
        change(&mut json);
        match check(&signed_unchecked(&json.to_string())) {
            Err(DirectoryError::Malformed { path, .. }) => path,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(path_of(&|json| json["version"] = json!("1")), "version");
    assert_eq!(path_of(&|json| json["members"][1]["vaspId"] = json!(5)), "members[1].vaspId");
    assert_eq!(
        path_of(&|json| json["members"][0]["endpoint"] = json!("http://vasp.example")),
        "members[0].endpoint"
    );
    assert_eq!(
        path_of(&|json| drop(json["members"][0].as_object_mut().unwrap().remove("active"))),
        "members[0]"
    );
    assert!(matches!(check(&signed_unchecked("nonsense")), Err(DirectoryError::Malformed { .. })));
}

#[test]
fn fields_that_are_not_known_are_ignored() {
    let mut json = document(1);
    json["members"][0]["later"] = json!({"x": 1});
    assert!(check(&signed_unchecked(&json.to_string())).is_ok());
}

#[test]
fn contradictions_within_a_document_are_refused() {
    let same_id = refusal(|json| json["members"][1]["vaspId"] = json!(OURS));
    assert!(matches!(same_id, DirectoryError::DuplicateMember(OURS)));

    let same_key =
        refusal(|json| json["members"][1]["identityKeys"] = json["members"][0]["identityKeys"].clone());
    assert!(matches!(same_key, DirectoryError::SharedKey { first: OURS, second: ROBOT, .. }));

    let twice = refusal(|json| {
        let entry = json["members"][0]["identityKeys"][0].clone();
        json["members"][0]["identityKeys"].as_array_mut().unwrap().push(entry);
    });
    assert!(matches!(twice, DirectoryError::SharedKey { first: OURS, second: OURS, .. }));

    let never = refusal(|json| json["expiresAt"] = json["issuedAt"].clone());
    assert!(matches!(never, DirectoryError::NeverValid));

    let no_person = refusal(|json| json["members"][0]["legalPerson"] = json!({"naturalPerson": {}}));
    assert!(matches!(no_person, DirectoryError::BadLegalPerson(OURS)));
}

#[test]
fn unusable_keys_are_refused() {
    let key = |name: &'static str, value: Value| {
        refusal(move |json| json["members"][0]["identityKeys"][0][name] = value)
    };
    let weak = key("publicKey", json!(URL_SAFE_NO_PAD.encode([0; 32])));
    assert!(matches!(weak, DirectoryError::BadKey { member: OURS, why: KeyError::Weak, .. }));
    let short = key("publicKey", json!("AAAA"));
    assert!(matches!(short, DirectoryError::BadKey { why: KeyError::WrongLength, .. }));
    let renamed = key("keyId", json!("mine"));
    assert!(matches!(renamed, DirectoryError::WrongKeyId { member: OURS, .. }));
    let never = key("notAfter", json!("2026-01-01T00:00:00.000Z"));
    assert!(matches!(never, DirectoryError::KeyNeverValid { member: OURS, .. }));
}

#[test]
fn an_older_directory_is_refused_and_the_same_is_not() {
    let text = signed(&document(5));
    let against = |last| verify(text.as_bytes(), &operator().verifying_key(), now(), last);
    assert!(against(4).is_ok());
    assert!(against(5).is_ok());
    assert!(matches!(against(6), Err(DirectoryError::RolledBack { offered: 5, accepted: 6 })));
}

#[test]
fn an_expired_directory_still_answers() {
    let text = signed(&document(5));
    let later = at("2026-02-01T00:00:00Z");
    match verify(text.as_bytes(), &operator().verifying_key(), later, 0) {
        Err(DirectoryError::Expired(directory)) => {
            assert!(directory.is_expired(later) && !directory.is_expired(now()));
            assert!(directory.member(ROBOT).is_some());
        }
        other => panic!("{other:?}"),
    }
    let older = verify(text.as_bytes(), &operator().verifying_key(), later, 6);
    assert!(matches!(older, Err(DirectoryError::RolledBack { .. })), "old and expired is old");
}

/// A server with one answer.
struct Server(Result<Vec<u8>, FetchError>);

#[async_trait]
impl FetchDirectory for Server {
    async fn fetch(&self, _: &Url) -> Result<Vec<u8>, FetchError> {
        self.0.clone()
    }
}

fn serving(text: &str) -> Server {
    Server(Ok(text.as_bytes().to_vec()))
}

fn url() -> DirectorySource {
    "https://alliance.example/directory.json".parse().unwrap()
}

async fn holder(version: u64) -> DirectoryHolder {
    let server = serving(&signed(&document(version)));
    DirectoryHolder::open(&url(), &server, operator().verifying_key(), now(), 0).await.unwrap()
}

#[tokio::test]
async fn a_newer_directory_replaces_the_one_in_use() {
    let holder = holder(1).await;
    let before = holder.current();
    let reload = holder.reload(&url(), &serving(&signed(&document(2))), now()).await;
    assert!(matches!(reload, Reload::Updated { version: 2 }));
    assert_eq!((before.version(), holder.current().version()), (1, 2), "snapshots do not change");
    let again = holder.reload(&url(), &serving(&signed(&document(2))), now()).await;
    assert!(matches!(again, Reload::Unchanged));
}

/// Whether the reason is the one that the case wants.
type Expected = fn(&LoadError) -> bool;

#[tokio::test]
async fn a_bad_directory_keeps_the_one_in_use() {
    let holder = holder(5).await;
    let mut other = document(5);
    other["members"][0]["active"] = json!(false);
    let cases: [(Server, Expected); 5] = [
        (Server(Err(FetchError("down".to_owned()))), |why| {
            matches!(why, LoadError::Source(SourceError::Fetch(_)))
        }),
        (Server(Ok(vec![b' '; MAX_BYTES + 1])), |why| {
            matches!(why, LoadError::Source(SourceError::TooLarge))
        }),
        (serving("{}"), |why| matches!(why, LoadError::Directory(DirectoryError::NotEnvelope(_)))),
        (serving(&signed(&document(4))), |why| {
            matches!(why, LoadError::Directory(DirectoryError::RolledBack { offered: 4, accepted: 5 }))
        }),
        (serving(&signed(&other)), |why| matches!(why, LoadError::Directory(DirectoryError::SameVersion(5)))),
    ];
    for (server, expected) in cases {
        match holder.reload(&url(), &server, now()).await {
            Reload::Kept { why } => assert!(expected(&why), "{why}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(holder.current().version(), 5);
        assert!(holder.current().member(OURS).unwrap().active);
    }
}

#[tokio::test]
async fn an_old_directory_does_not_come_back_by_a_restart() {
    let server = serving(&signed(&document(5)));
    let opened = DirectoryHolder::open(&url(), &server, operator().verifying_key(), now(), 6).await;
    assert!(matches!(opened, Err(LoadError::Directory(DirectoryError::RolledBack { .. }))));
}

#[tokio::test]
async fn an_expired_directory_is_held_and_replaced() {
    let later = at("2026-03-01T00:00:00Z");
    let server = serving(&signed(&document(1)));
    let holder = DirectoryHolder::open(&url(), &server, operator().verifying_key(), later, 0).await.unwrap();
    assert!(holder.current().is_expired(later));
    let mut next = document(2);
    next["expiresAt"] = json!("2026-04-01T00:00:00.000Z");
    let reload = holder.reload(&url(), &serving(&signed(&next)), later).await;
    assert!(matches!(reload, Reload::Updated { version: 2 }));
    assert!(!holder.current().is_expired(later));
}

#[tokio::test]
async fn a_directory_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("directory.json");
    std::fs::write(&path, signed(&document(3))).unwrap();
    let nobody = Server(Err(FetchError("a file needs no server".to_owned())));
    let open = |path: &Path| {
        let source = DirectorySource::File(path.to_owned());
        let nobody = &nobody;
        async move { DirectoryHolder::open(&source, nobody, operator().verifying_key(), now(), 0).await }
    };
    assert_eq!(open(&path).await.unwrap().current().version(), 3);
    let missing = open(&folder.path().join("missing.json")).await.unwrap_err();
    assert!(matches!(missing, LoadError::Source(SourceError::File { .. })), "{missing}");
}

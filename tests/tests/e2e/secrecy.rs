//! Personal data is planted everywhere a caller can put it, and must be found nowhere but with the backends.

use std::path::PathBuf;

use http::Method;
use serde_json::{Value, json};
use waybill_tests::{
    Dev, DevPlace, Needles, OUR_ID, Party, account_check, edit, files_below, unique_hash, verification,
};

/// Names, dates and numbers that occur nowhere by chance.
const PLANTED: [&str; 12] = [
    "Quillfeather",
    "Zebulonius",
    "1931-07-23",
    "Ulaanbaatar-Nord",
    "Xylophone Alley",
    "QX7734091Z",
    "CUST-55190-QZ",
    "Wrongbottom",
    "Mispeltia",
    "Nonsensical Remark",
    "ÅngströmÖzgür",
    "Peerlessly",
];
/// Known to the robot's backend, and told by it.
const TOLD: [&str; 2] = ["Robbins", "1990-05-17"];
/// Accounts stand in clear columns of the database, because the interface searches by them; and nowhere else.
const ACCOUNTS: [&str; 2] = ["acct-planted-881203", "0x9a9b9c9d9e9f00000000000000000000deadfeed"];

fn planted_verification() -> Value {
    let originator = json!({"naturalPerson": {
        "name": {"nameIdentifier": [
            {"primaryIdentifier": "Quillfeather", "secondaryIdentifier": "Zebulonius", "nameIdentifierType": "LEGL"},
            {"primaryIdentifier": "ÅngströmÖzgür", "secondaryIdentifier": "Zebulonius", "nameIdentifierType": "ALIA"}
        ]},
        "geographicAddress": [{
            "addressType": "HOME", "streetName": "Xylophone Alley", "buildingNumber": "7", "townName": "Ulaanbaatar-Nord",
            "country": "MN"
        }],
        "nationalIdentification": {
            "nationalIdentifier": "QX7734091Z", "nationalIdentifierType": "IDCD", "countryOfIssue": "MN"
        },
        "customerIdentification": "CUST-55190-QZ",
        "dateAndPlaceOfBirth": {"dateOfBirth": "1931-07-23", "placeOfBirth": "Ulaanbaatar-Nord"}
    }});
    let request = edit(verification(), "payload.ivms101.originator.originatorPersons", json!([originator]));
    let request = edit(request, "payload.ivms101.originator.accountNumber", json!([ACCOUNTS[0]]));
    let asked = "NATURAL_PERSON_NAME,NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH,ACCOUNT_NUMBER";
    edit(request, "requiredBeneficiaryInfo", json!(asked))
}

fn stranger() -> Value {
    json!([waybill_tests::person("Wrongbottom", "Mispeltia", None)])
}

/// Both sides have the other screened: vendors are told names and addresses.
async fn screened(ours: Party, robot: Party, uuid: &str) {
    for party in [ours, robot] {
        party.screen("chainalysis-sanction", uuid).await.ok();
        for vendor in ["chainalysis-kyt", "refinitiv-wco"] {
            let request = party.request_id(vendor, uuid).await;
            party.backend.assessment(uuid, &request).await;
            party.api.get(&format!("/v1/risk-assessment/{request}")).await.ok();
        }
        party.api.get(&format!("/v1/risk-assessment?verificationUuid={uuid}")).await.ok();
    }
    let persons = json!({"originatorPersons": stranger(), "beneficiaryPersons": stranger()});
    let payload = json!({"version": "1.0", "ivms101": {"originator": persons, "beneficiary": persons}});
    let others = json!({"verificationUuid": uuid, "payload": payload});
    ours.api.post("/v1/risk-assessment/refinitiv-wco", &others).await.ok();
}

/// Everything that goes well.
async fn good_days(ours: Party, robot: Party) {
    for key_type in ["PerVasp", "PerAddress", "PerVerification"] {
        let uuid = ours.verify(&edit(planted_verification(), "keyType", json!(key_type))).await;
        ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
        ours.report_transaction(&uuid, &unique_hash(), None).await.ok();
        robot.backend.callback(&uuid, "TX_REPORT").await;
        robot.inquire(&uuid).await.ok();
        ours.record(&uuid).await;
        screened(ours, robot, &uuid).await;
    }
    let uuid = ours.verify_until(&planted_verification(), "VERIFIED").await;
    let report = json!({
        "verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED",
        "message": "Nonsensical Remark about Quillfeather"
    });
    ours.api.post("/v1/verifications/error", &report).await.ok();
    robot.backend.callback(&uuid, "ERROR_REPORT").await;
    let key = [("idempotency-key", "one-key")];
    ours.api.post_with("/v1/verifications", &key, &planted_verification()).await.ok();
    ours.list(&format!("originatorAccountNumber={}", ACCOUNTS[0])).await;
}

/// Denials, and backends that fail while they hold personal data.
async fn bad_days(ours: Party, robot: Party) {
    let path = "payload.ivms101.beneficiary.beneficiaryPersons";
    let check = edit(account_check(), path, stranger());
    ours.check_account(&check).await.ok();
    let unknown = json!([ACCOUNTS[1]]);
    let unknown = edit(check.clone(), "payload.ivms101.beneficiary.accountNumber", unknown);
    ours.check_account(&edit(unknown, "keyType", json!("PerAddress"))).await.ok();
    let denied = ours.verify(&edit(planted_verification(), path, stranger())).await;
    ours.backend.callback(&denied, "VERIFICATION_RESULT").await;
    for mode in ["nonsense", "unknown-result", "too-much", "down", "error-400", "error-500"] {
        robot.backend.switch(&json!({"mode": mode, "times": 1})).await;
        ours.check_account(&check).await.refusal();
        let uuid = ours.verify(&planted_verification()).await;
        ours.backend.switch(&json!({"mode": mode, "endpoint": "callback", "times": 1})).await;
        ours.until(&uuid, "VERIFIED").await;
        robot.backend.behave().await;
        ours.backend.behave().await;
    }
}

/// Requests that are refused, with personal data where it does not belong.
async fn confused_callers(ours: Party) {
    let request = planted_verification();
    let wrong = [
        ("keyType", json!("Quillfeather")),
        ("beneficiaryVaspId", json!("Quillfeather")),
        ("assetInfo.symbol", json!("Quillfeather Zebulonius")),
        ("assetInfo.amount", json!("Quillfeather")),
        ("assetInfo.tradeISODatetime", json!("Quillfeather")),
        ("requiredBeneficiaryInfo", json!("Quillfeather")),
        ("payload.version", json!({"Quillfeather": 1})),
        ("payload.ivms101.originator.originatorPersons", json!("Quillfeather")),
        ("payload.ivms101.originator.originatorPersons", json!([{"Quillfeather": {}}])),
        ("payload.ivms101.originator.accountNumber", json!(["Quillfeather", "Zebulonius"])),
        ("payload.ivms101.beneficiary.accountNumber", json!({"Quillfeather": "Zebulonius"})),
    ];
    for (path, value) in wrong {
        ours.api.post("/v1/verifications", &edit(request.clone(), path, value)).await.refusal();
    }
    let text = request.to_string();
    let json_type = [("content-type", "application/json")];
    for client in [ours.api, ours.listener] {
        for path in ["/v1/verifications", "/peer/v1/verifications", "/v1/Peerlessly"] {
            for body in [text[..text.len() - 2].to_owned(), text.replace(':', ";"), format!("[{text}]")] {
                client.send(Method::POST, path, &json_type, body).await.refusal();
            }
        }
        client.get("/v1/verifications/Quillfeather").await.refusal();
        client.get("/v1/Quillfeather?name=Zebulonius").await.refusal();
        client
            .send(Method::POST, "/v1/verifications", &[("content-type", "Quillfeather")], "{}")
            .await
            .refusal();
    }
    for query in
        ["result=Quillfeather", "Quillfeather=Zebulonius", "fromDate=Quillfeather", "cursor=Quillfeather"]
    {
        ours.api.get(&format!("/v1/verifications?{query}")).await;
    }
    let header = [
        ("content-type", "application/json"),
        ("waybill-sender", "Peerlessly"),
        ("traceparent", "Peerlessly"),
    ];
    ours.listener.send(Method::POST, "/peer/v1/keys", &header, text).await.refusal();
}

/// Files of a state folder, without those of the sandbox.
fn files(dev: &DevPlace) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let sandbox = dev.state().join("sandbox");
    let all = files_below(dev.folder.path(), &[sandbox]);
    all.into_iter()
        .partition(|file| file.file_name().is_some_and(|name| name.to_string_lossy().contains(".sqlite")))
}

fn found(needles: &Needles, files: &[PathBuf]) -> Vec<String> {
    let found = files.iter().flat_map(|file| {
        let bytes = std::fs::read(file).unwrap_or_default(); // the journal of the database comes and goes
        needles.found_in(&bytes).into_iter().map(|what| format!("{what}: {}", file.display()))
    });
    found.collect()
}

fn nothing_is_found(place: &DevPlace) {
    let people = Needles::new(PLANTED.into_iter().chain(TOLD));
    let accounts = Needles::new(ACCOUNTS);
    let (databases, others) = files(place);
    assert!(databases.len() >= 2 && others.len() >= 6, "{databases:?} {others:?}");
    assert_eq!(found(&people, &databases), Vec::<String>::new());
    assert_eq!(found(&people, &others), Vec::<String>::new());
    assert_eq!(found(&accounts, &others), Vec::<String>::new());
}

/// What the vendors gave us stands in settings, and goes to nobody but them.
fn keys_of_vendors_are_kept(place: &DevPlace) {
    let keys = std::fs::read(place.state().join("sandbox/vendors.json")).expect("the vendors' keys");
    let keys: Value = serde_json::from_slice(&keys).expect("they are JSON");
    let keys: Vec<&str> = keys.as_object().expect("an object").values().filter_map(Value::as_str).collect();
    assert_eq!(keys.len(), 4);
    let (databases, others) = files(place);
    let (settings, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|file| file.ends_with("waybill.toml"));
    let needles = || Needles::new(keys.iter().copied());
    assert_eq!(found(&needles(), &databases), Vec::<String>::new());
    assert_eq!(found(&needles(), &others), Vec::<String>::new());
    let journal = [place.state().join("sandbox/journal.jsonl")];
    assert_eq!(found(&needles(), &journal), Vec::<String>::new(), "the journal masks them");
    assert!(!found(&needles(), &settings).is_empty(), "the scanner works");
}

/// The scanner works: all of it lies with the backends, and the accounts in the database.
fn it_can_be_found(place: &DevPlace) {
    let journal = [place.state().join("sandbox/journal.jsonl")];
    let with_backends =
        PLANTED.into_iter().filter(|planted| *planted != "Peerlessly").chain(TOLD).chain(ACCOUNTS);
    for planted in with_backends {
        let found = found(&Needles::new([planted]), &journal);
        assert!(!found.is_empty(), "{planted} was not planted well");
    }
    let (databases, _) = files(place);
    assert!(!found(&Needles::new([ACCOUNTS[0]]), &databases).is_empty(), "accounts stand in clear columns");
}

#[tokio::test]
async fn what_is_planted_is_found_with_the_backends_only() {
    let dev = DevPlace::new().env("WAYBILL__TELEMETRY__LOG_LEVEL", "debug").start().await;
    good_days(dev.ours, dev.robot).await;
    bad_days(dev.ours, dev.robot).await;
    confused_callers(dev.ours).await;
    let to_ourselves = edit(planted_verification(), "beneficiaryVaspId", json!(OUR_ID));
    let uuid = dev.ours.verify(&to_ourselves).await;
    dev.ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert!(dev.program.stderr().contains("DEBUG"), "the program logs at this level");
    nothing_is_found(dev.place());

    let (ended, place) = dev.stop().await;
    assert!(ended.success());
    nothing_is_found(&place);
    keys_of_vendors_are_kept(&place);
    it_can_be_found(&place);
    let dev: Dev = place.start().await;
    dev.ours.record(&uuid).await;
}

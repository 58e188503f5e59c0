use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use waybill_jobs::{Command, VerifyCounterparty};

use crate::testing::{Api, DIRECTORY_LIFE, INACTIVE, OURS, STRANGER, verification};

const PATH: &str = "/v1/verifications";

/// A request with one value changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = verification();
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

#[tokio::test]
async fn the_record_its_command_and_the_audit_entry_are_stored_before_the_answer() {
    let api = Api::start().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let answer = api.post_with(PATH, &[("traceparent", trace)], &verification()).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let uuid = body["verificationUuid"].as_str().unwrap().to_owned();
    assert_eq!(body, json!({"verificationUuid": uuid, "createdAt": "2026-01-02T03:04:05.000Z"}));

    let row = api.row(&uuid).await;
    assert_eq!(row.originating_vasp_id.to_string(), OURS);
    assert_eq!(row.required_beneficiary_info, "NATURAL_PERSON_NAME,ACCOUNT_NUMBER");
    assert_eq!(row.payload_version, "1.0");
    assert_eq!(row.expires_at - row.created_at, chrono::Duration::minutes(10));
    for sealed in [&row.originator_sealed, &row.beneficiary_sealed] {
        assert!(sealed.starts_with("k1.") && !sealed.contains("Robbins") && !sealed.contains("Barnes"));
    }

    let commands = api.commands(VerifyCounterparty::KIND).await;
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0].body, format!(r#"{{"verificationUuid":"{uuid}"}}"#));
    assert_eq!(commands[0].group_key.as_deref(), Some(&*uuid));
    let claimed = api.claim(VerifyCounterparty::KIND).await;
    let continued = claimed[0].traceparent.as_deref().unwrap();
    assert!(continued.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{continued}");
    assert_eq!(api.audited().await, [("VERIFICATION-ACCEPTED".to_owned(), Some(uuid))]);
}

#[tokio::test]
async fn a_vasp_may_be_its_own_counterparty() {
    let api = Api::start().await;
    let answer = api.post(PATH, &with("/beneficiaryVaspId", OURS.into())).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn older_spellings_are_read() {
    let api = Api::start().await;
    let mut body = verification();
    body["keyType"] = "PerEoa".into();
    let asset = body["assetInfo"].as_object_mut().unwrap();
    let time = asset.remove("tradeISODatetime").unwrap();
    asset.insert("tradeISODateTime".to_owned(), time.clone());
    let person = &mut body["payload"]["ivms101"]["originator"]["originatorPersons"][0]["naturalPerson"];
    person["dataAndPlaceOfBirth"] = json!({"dateOfBirth": "1984-05-17", "placeOfBirth": "Seoul"});
    person["geographicAddress"] =
        json!([{"addressType": "GEO", "addressLine": ["1 Main Street"], "country": "KR"}]);
    let answer = api.post(PATH, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let uuid = answer.json()["verificationUuid"].as_str().unwrap().to_owned();
    assert_eq!(api.row(&uuid).await.key_type.as_str(), "PerAddress");
    let record = api.get(&format!("{PATH}/{uuid}")).await.json();
    assert_eq!(record["assetInfo"]["tradeISODatetime"], time);
    let originator: Value = serde_json::from_str(record["ivms101Originator"].as_str().unwrap()).unwrap();
    let person = &originator["originatorPersons"][0]["naturalPerson"];
    assert_eq!(person["dateAndPlaceOfBirth"]["dateOfBirth"], "1984-05-17");
    assert_eq!(person["geographicAddress"][0]["addressType"], "GEOG");
}

#[tokio::test]
async fn the_vasps_of_a_request_are_replaced_by_the_directorys() {
    let api = Api::start().await;
    let mut body = verification();
    body["payload"]["ivms101"]["originatingVASP"] = json!({"originatingVASP": {"legalPerson": {"name": {
        "nameIdentifier": [{"legalPersonName": "Somebody Else", "legalPersonNameIdentifierType": "LEGL"}]
    }}}});
    let answer = api.post(PATH, &body).await.json();
    let uuid = answer["verificationUuid"].as_str().unwrap();
    let record = api.get(&format!("{PATH}/{uuid}")).await;
    assert!(record.text().contains("Our VASP Ltd") && !record.text().contains("Somebody Else"));
}

#[tokio::test]
async fn every_mandatory_field_is_missed_by_its_path() {
    let api = Api::start().await;
    for (pointer, code) in [
        ("/keyType", "MISSING-KEY-TYPE"),
        ("/beneficiaryVaspId", "MISSING-VASP"),
        ("/assetInfo", "MISSING-ASSET-INFO"),
        ("/assetInfo/symbol", "MISSING-SYMBOL"),
        ("/assetInfo/amount", "MISSING-AMOUNT"),
        ("/assetInfo/isExceedingThreshold", "MISSING-IS-EXCEEDING-THRESHOLD"),
        ("/assetInfo/tradePrice", "MISSING-TRADE-PRICE"),
        ("/assetInfo/tradeCurrency", "MISSING-TRADE-CURRENCY"),
        ("/assetInfo/tradeISODatetime", "MISSING-TRADE-ISO-DATETIME"),
        ("/requiredBeneficiaryInfo", "MISSING-REQUIRED-BENEFICIARY-INFO"),
        ("/payload", "MISSING-PAYLOAD"),
        ("/payload/version", "MISSING-VERSION"),
        ("/payload/ivms101", "MISSING-IVMS101"),
        ("/payload/ivms101/originator", "MISSING-ORIGINATOR"),
        ("/payload/ivms101/originator/originatorPersons", "MISSING-ORIGINATOR-PERSONS"),
        ("/payload/ivms101/originator/accountNumber", "MISSING-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary", "MISSING-BENEFICIARY"),
        ("/payload/ivms101/beneficiary/beneficiaryPersons", "MISSING-BENEFICIARY-PERSONS"),
        ("/payload/ivms101/beneficiary/accountNumber", "MISSING-ACCOUNT-NUMBER"),
    ] {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut without = verification();
        without.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        for body in [without, with(pointer, Value::Null)] {
            let answer = api.post(PATH, &body).await;
            answer.refuses(400, code);
            let path = pointer[1..].replace('/', ".");
            assert_eq!(answer.json()["message"], format!("`{path}` is required."));
        }
    }
    assert!(api.commands(VerifyCounterparty::KIND).await.is_empty());
}

#[tokio::test]
async fn every_wrong_value_is_named_by_its_path() {
    let api = Api::start().await;
    let long = |length: usize| json!("a".repeat(length));
    let person = "/payload/ivms101/beneficiary/beneficiaryPersons/0/naturalPerson/name/nameIdentifier/0";
    let name_type = format!("{person}/nameIdentifierType");
    for (pointer, value, code) in [
        ("/keyType", json!("PerMoon"), "INVALID-KEY-TYPE"),
        ("/keyType", json!(1), "INVALID-KEY-TYPE"),
        ("/beneficiaryVaspId", json!(27372039731940770_u64), "INVALID-VASP"),
        ("/beneficiaryVaspId", json!("18446744073709551616"), "INVALID-VASP"),
        ("/beneficiaryVaspId", json!("01"), "INVALID-VASP"),
        ("/assetInfo", json!([]), "INVALID-ASSET-INFO"),
        ("/assetInfo/symbol", long(17), "INVALID-SYMBOL"),
        ("/assetInfo/symbol", json!(""), "INVALID-SYMBOL"),
        ("/assetInfo/symbol", json!("E\nTH"), "INVALID-SYMBOL"),
        ("/assetInfo/network", long(129), "INVALID-NETWORK"),
        ("/assetInfo/network", json!(1), "INVALID-NETWORK"),
        ("/assetInfo/amount", json!(1.5), "INVALID-AMOUNT"),
        ("/assetInfo/amount", json!("1,5"), "INVALID-AMOUNT"),
        ("/assetInfo/amount", json!("-1"), "INVALID-AMOUNT"),
        ("/assetInfo/amount", json!("1e3"), "INVALID-AMOUNT"),
        ("/assetInfo/amount", json!("0.00"), "INVALID-AMOUNT"),
        ("/assetInfo/amount", json!("1".repeat(129)), "INVALID-AMOUNT"),
        ("/assetInfo/isExceedingThreshold", json!("true"), "INVALID-IS-EXCEEDING-THRESHOLD"),
        ("/assetInfo/isExceedingThreshold", json!(1), "INVALID-IS-EXCEEDING-THRESHOLD"),
        ("/assetInfo/tradePrice", json!(2500000), "INVALID-TRADE-PRICE"),
        ("/assetInfo/tradeCurrency", long(129), "INVALID-TRADE-CURRENCY"),
        ("/assetInfo/tradeISODatetime", json!("2022-03-03"), "INVALID-TRADE-ISO-DATETIME"),
        ("/assetInfo/tradeISODatetime", json!(1646344328), "INVALID-TRADE-ISO-DATETIME"),
        ("/requiredBeneficiaryInfo", json!("SHOE_SIZE"), "INVALID-REQUIRED-BENEFICIARY-INFO"),
        ("/requiredBeneficiaryInfo", json!(""), "INVALID-REQUIRED-BENEFICIARY-INFO"),
        ("/requiredBeneficiaryInfo", json!(["ACCOUNT_NUMBER"]), "INVALID-REQUIRED-BENEFICIARY-INFO"),
        ("/payload", json!("x"), "INVALID-PAYLOAD"),
        ("/payload/version", json!(1.0), "INVALID-VERSION"),
        ("/payload/version", long(17), "INVALID-VERSION"),
        ("/payload/ivms101", json!("x"), "INVALID-IVMS101"),
        ("/payload/ivms101/originator", json!("x"), "INVALID-ORIGINATOR"),
        ("/payload/ivms101/beneficiary", json!([1]), "INVALID-BENEFICIARY"),
        ("/payload/ivms101/beneficiary/accountNumber", json!(["a", "b"]), "INVALID-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary/accountNumber", json!([1]), "INVALID-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary/accountNumber", json!([long(257)]), "INVALID-ACCOUNT-NUMBER"),
        (&name_type, json!("NICK"), "INVALID-NAME-IDENTIFIER-TYPE"),
    ] {
        let answer = api.post(PATH, &with(pointer, value.clone())).await;
        answer.refuses(400, code);
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        let start = format!("`{}", pointer[1..].split("/0").next().unwrap().replace('/', "."));
        assert!(
            message.starts_with(&start) && message.contains("` is invalid value."),
            "{pointer} {value}: {message}"
        );
    }
    assert!(api.commands(VerifyCounterparty::KIND).await.is_empty());
}

#[tokio::test]
async fn the_first_fault_in_the_document_is_told() {
    let api = Api::start().await;
    let mut body = verification();
    body["payload"]["ivms101"] = json!({});
    body["assetInfo"]["tradePrice"] = json!(1);
    body["assetInfo"]["amount"] = Value::Null;
    body["beneficiaryVaspId"] = STRANGER.into();
    api.post(PATH, &body).await.refuses(400, "MISSING-AMOUNT");
    api.post(PATH, &json!({})).await.refuses(400, "MISSING-KEY-TYPE");
    api.post(PATH, &json!([])).await.refuses(400, "MALFORMED-JSON");
}

#[tokio::test]
async fn the_counterparty_must_be_an_active_member_of_a_current_directory() {
    let api = Api::start().await;
    let answer = api.post(PATH, &with("/beneficiaryVaspId", STRANGER.into())).await;
    answer.refuses(400, "ALLIANCE-NOT-FOUND");
    assert_eq!(answer.json()["message"], "Alliance is not found in given vendor");
    let answer = api.post(PATH, &with("/beneficiaryVaspId", INACTIVE.into())).await;
    answer.refuses(400, "ALLIANCE-NOT-ACTIVE");
    assert_eq!(answer.json()["message"], "Alliance is not active now");
    api.clock.advance(DIRECTORY_LIFE);
    api.post(PATH, &verification()).await.refuses(503, "DIRECTORY-EXPIRED");
}

#[tokio::test]
async fn personal_data_beyond_its_column_is_too_large() {
    let api = Api::start().await;
    let address = json!({"addressType": "HOME", "addressLine": vec!["x".repeat(70); 7], "country": "KR"});
    let pointer = "/payload/ivms101/originator/originatorPersons/0/naturalPerson";
    let mut body = verification();
    body.pointer_mut(pointer).unwrap()["geographicAddress"] = json!(vec![address.clone(); 100]);
    api.post(PATH, &body).await.refuses(413, "PAYLOAD-TOO-LARGE");
    body.pointer_mut(pointer).unwrap()["geographicAddress"] = json!(vec![address; 3]);
    assert_eq!(api.post(PATH, &body).await.status, 200);
}

mod idempotency {
    use super::*;

    async fn post(api: &Api, key: &str, body: &Value) -> crate::testing::Answer {
        api.post_with(PATH, &[("idempotency-key", key)], body).await
    }

    #[tokio::test]
    async fn the_same_request_gets_the_same_answer() {
        let api = Api::start().await;
        let first = post(&api, "order 7/a", &verification()).await;
        assert_eq!(first.status, 200);
        api.clock.advance(Duration::from_secs(60));
        for _ in 0..2 {
            let again = post(&api, "order 7/a", &verification()).await;
            assert_eq!((again.status, again.text()), (200, first.text()));
            assert_eq!(again.header("content-type"), first.header("content-type"));
        }
        assert_eq!(api.commands(VerifyCounterparty::KIND).await.len(), 1);
        assert_ne!(post(&api, "order 8", &verification()).await.text(), first.text());
        assert_ne!(api.post(PATH, &verification()).await.text(), first.text());
    }

    #[tokio::test]
    async fn requests_that_arrive_together_are_one() {
        let api = Api::start().await;
        let body = verification();
        let answers = join_all((0..20).map(|_| post(&api, "k", &body))).await;
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.text() == answers[0].text()));
        assert_eq!(api.commands(VerifyCounterparty::KIND).await.len(), 1);
    }

    #[tokio::test]
    async fn another_body_under_the_same_key_is_refused() {
        let api = Api::start().await;
        assert_eq!(post(&api, "k", &verification()).await.status, 200);
        let other = with("/assetInfo/amount", json!("1.51"));
        post(&api, "k", &other).await.refuses(409, "IDEMPOTENCY-KEY-REUSED");
        let bad = with("/assetInfo/amount", json!("much"));
        post(&api, "k", &bad).await.refuses(409, "IDEMPOTENCY-KEY-REUSED");
        assert_eq!(api.commands(VerifyCounterparty::KIND).await.len(), 1);
    }

    #[tokio::test]
    async fn a_refused_request_may_be_mended_under_its_key() {
        let api = Api::start().await;
        post(&api, "k", &with("/assetInfo/amount", json!("much"))).await.refuses(400, "INVALID-AMOUNT");
        assert_eq!(post(&api, "k", &verification()).await.status, 200);
    }

    #[tokio::test]
    async fn the_answer_stays_good_when_the_world_changes() {
        let api = Api::with(|settings| settings.idempotency.keep = 2 * DIRECTORY_LIFE).await;
        let first = post(&api, "k", &verification()).await;
        api.clock.advance(DIRECTORY_LIFE);
        assert_eq!(post(&api, "k", &verification()).await.text(), first.text());
        post(&api, "l", &verification()).await.refuses(503, "DIRECTORY-EXPIRED");
    }

    #[tokio::test]
    async fn a_key_is_forgotten_after_its_time() {
        let api = Api::with(|settings| settings.idempotency.keep = Duration::from_secs(3600)).await;
        let first = post(&api, "k", &verification()).await;
        api.clock.advance(Duration::from_secs(3600));
        assert_eq!(post(&api, "k", &verification()).await.text(), first.text());
        api.clock.advance(Duration::from_millis(1));
        assert_ne!(post(&api, "k", &verification()).await.text(), first.text());
    }

    #[tokio::test]
    async fn each_api_key_has_names_of_its_own() {
        let api = Api::start().await;
        let (one, two) =
            (api.make_key("verifications:write").await, api.make_key("verifications:write").await);
        let body = verification();
        let as_holder = |key: &str| {
            let headers =
                [("idempotency-key".to_owned(), "k".to_owned()), ("x-api-key".to_owned(), key.to_owned())];
            let (api, body) = (&api, &body);
            async move {
                let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
                api.post_with(PATH, &headers, body).await
            }
        };
        let first = as_holder(&one).await;
        assert_eq!(first.status, 200);
        assert_eq!(as_holder(&one).await.text(), first.text());
        assert_ne!(as_holder(&two).await.text(), first.text());
    }

    #[tokio::test]
    async fn a_key_is_1_to_255_printable_characters() {
        let api = Api::start().await;
        for bad in ["", "\u{e9}", "a\tb", &"k".repeat(256)] {
            post(&api, bad, &verification()).await.refuses(400, "INVALID-IDEMPOTENCY-KEY");
        }
        let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
        api.post_with(PATH, &twice, &verification()).await.refuses(400, "INVALID-IDEMPOTENCY-KEY");
        assert_eq!(post(&api, &"k".repeat(255), &verification()).await.status, 200);
    }
}

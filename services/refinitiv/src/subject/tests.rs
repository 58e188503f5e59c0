//! From IVMS101 to what is sent.

use serde_json::{Value, json};
use waybill_ivms101::read_answer;
use waybill_store::tables::wco_cases::EntityType;

use super::of_person::NoName;
use super::*;

fn party(persons: Value) -> waybill_ivms101::model::Party {
    let beneficiary = json!({"beneficiaryPersons": persons, "accountNumber": ["0xab"]});
    read_answer(&json!({"beneficiary": beneficiary}), "ivms101").unwrap().value
}

fn natural(more: Value) -> Value {
    let names = json!([
        {"primaryIdentifier": "Alias", "nameIdentifierType": "ALIA"},
        {"primaryIdentifier": "Robbins", "secondaryIdentifier": "Taylor", "nameIdentifierType": "LEGL"},
    ]);
    let mut person = json!({"name": {"nameIdentifier": names}});
    person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"naturalPerson": person})
}

fn of(person: Value) -> Value {
    serde_json::to_value(&subjects(&party(json!([person]))).unwrap()[0]).unwrap()
}

fn fields(person: Value) -> Value {
    of(person)["secondaryFields"].clone()
}

#[test]
fn a_natural_person_is_an_individual_with_all_that_is_known() {
    let person = natural(json!({
        "dateAndPlaceOfBirth": {"dateOfBirth": "1990-01-02", "placeOfBirth": "kr"},
        "countryOfResidence": "GB",
        "nationality": "US",
    }));
    let expected = json!({
        "entityType": "INDIVIDUAL", "name": "Taylor Robbins",
        "secondaryFields": [
            {"typeId": "SFCT_2", "dateTimeValue": "1990-01-02"},
            {"typeId": "SFCT_3", "value": "GBR"},
            {"typeId": "SFCT_4", "value": "KOR"},
            {"typeId": "SFCT_5", "value": "USA"},
        ],
    });
    assert_eq!(of(person), expected);
}

#[test]
fn what_the_vendor_would_refuse_is_left_out() {
    let person = natural(json!({
        "dateAndPlaceOfBirth": {"dateOfBirth": "1990-01-02", "placeOfBirth": "Seoul"},
        "countryOfResidence": "XX",
    }));
    assert_eq!(fields(person), json!([{"typeId": "SFCT_2", "dateTimeValue": "1990-01-02"}]));
    assert_eq!(fields(natural(json!({}))), json!([]));
}

#[test]
fn a_passport_tells_the_nationality_and_a_home_the_country() {
    let document =
        |kind| json!({"nationalIdentifier": "A1", "nationalIdentifierType": kind, "countryOfIssue": "JP"});
    let japanese = json!([{"typeId": "SFCT_5", "value": "JPN"}]);
    assert_eq!(fields(natural(json!({"nationalIdentification": document("CCPT")}))), japanese);
    assert_eq!(fields(natural(json!({"nationalIdentification": document("IDCD")}))), japanese);
    assert_eq!(fields(natural(json!({"nationalIdentification": document("DRLC")}))), json!([]));
    let address = |kind| json!([{"addressType": kind, "country": "DE", "addressLine": ["1 Street"]}]);
    let german = json!([{"typeId": "SFCT_3", "value": "DEU"}]);
    assert_eq!(fields(natural(json!({"geographicAddress": address("HOME")}))), german);
    assert_eq!(fields(natural(json!({"geographicAddress": address("BIZZ")}))), json!([]));
}

#[test]
fn a_legal_person_comes_with_those_who_represent_it() {
    let name = json!([
        {"legalPersonName": "Short", "legalPersonNameIdentifierType": "SHRT"},
        {"legalPersonName": "A Company Ltd", "legalPersonNameIdentifierType": "LEGL"},
    ]);
    let company = json!({"legalPerson": {"name": {"nameIdentifier": name}, "countryOfRegistration": "KR"}});
    let found = subjects(&party(json!([company, natural(json!({}))]))).unwrap();
    let expected = json!([
        {"entityType": "ORGANISATION", "name": "A Company Ltd", "secondaryFields": [{"typeId": "SFCT_6", "value": "KOR"}]},
        {"entityType": "INDIVIDUAL", "name": "Taylor Robbins", "secondaryFields": []},
    ]);
    assert_eq!(serde_json::to_value(found).unwrap(), expected);
}

#[test]
fn nobody_is_left_out_in_silence() {
    use waybill_ivms101::model::{NaturalPerson, Party, Person};
    assert_eq!(subjects(&Party::default()), Err(NoName::Nobody));
    let mut party = party(json!([natural(json!({}))]));
    party.persons.push(Person::from(NaturalPerson::default()));
    assert_eq!(subjects(&party), Err(NoName::Nameless));
}

#[test]
fn names_in_another_script_are_taken_where_there_are_no_latin_ones() {
    use waybill_ivms101::model::{Names, NaturalName, NaturalPerson, Party, Person};
    let local =
        NaturalName { primary: "김".into(), secondary: Some("재원".into()), ..NaturalName::default() };
    let name = Names { local: vec![local], ..Names::default() };
    let person = Person::from(NaturalPerson { name, ..NaturalPerson::default() });
    let found = subjects(&Party { persons: vec![person], ..Party::default() }).unwrap();
    assert_eq!(found[0].name, "재원 김");
}

#[test]
fn only_fields_of_the_template_are_sent() {
    let field = |id| json!({"typeId": id, "fieldValueType": "TEXT", "fieldRequired": false, "regExp": null});
    let by_entity = json!({"individual": [field("SFCT_1"), field("SFCT_5")], "vessel": [field("SFCT_7")]});
    let template = json!({"groupId": "g1", "secondaryFieldsByProvider": {"watchlist": {"secondaryFieldsByEntity": by_entity}}});
    let template = CaseTemplate::read(&template).unwrap();
    let both = [Field::text(FieldType::CountryLocation, "GBR"), Field::text(FieldType::Nationality, "USA")];
    assert_eq!(template.allowed(EntityType::Individual, &both), both[1..]);
    assert_eq!(template.allowed(EntityType::Organisation, &both), []);
    for unreadable in [json!({}), json!(null), json!({"secondaryFieldsByProvider": {"watchlist": {}}})] {
        assert_eq!(CaseTemplate::read(&unreadable), None);
    }
}

#[test]
fn nobody_is_shown_in_logs() {
    let found = subjects(&party(json!([natural(json!({"nationality": "US"}))]))).unwrap();
    let shown = format!("{found:?} {:?}", found[0].secondary_fields);
    assert!(!shown.contains("Robbins") && !shown.contains("USA"), "{shown}");
}

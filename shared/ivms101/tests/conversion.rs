//! Whole documents, written in each dialect and read again.

mod generators;

use generators::{Flavour, payload};
use proptest::prelude::*;
use serde_json::json;
use waybill_ivms101::model::{Party, Payload, PayloadVersion};
use waybill_ivms101::write::{Conversion, Loss, LossReason, Target, convert};
use waybill_ivms101::{Rule, read, read_json};

/// Reads what was written, from text. Nothing in it may be remarkable but unknown fields.
fn again(conversion: &Conversion) -> Payload {
    let document = read_json(conversion.document.to_string().as_bytes()).unwrap();
    for finding in &document.findings {
        assert_eq!(finding.rule, Rule::UnknownField, "{finding:?}");
    }
    document.payload
}

fn parties(payload: &Payload) -> [(&'static str, &Party); 2] {
    [("originator", &payload.originator), ("beneficiary", &payload.beneficiary)]
}

fn lost(path: String, reason: LossReason) -> Loss {
    Loss { path, reason }
}

/// 2020 to 2023: the first person gets the accounts.
fn upwards(mut payload: Payload) -> (Payload, Vec<Loss>) {
    let mut losses = Vec::new();
    for (side, party) in [("originator", &mut payload.originator), ("beneficiary", &mut payload.beneficiary)]
    {
        let accounts = std::mem::take(&mut party.account_numbers);
        let at = format!("{side}.accountNumber");
        if accounts.is_empty() {
            continue;
        }
        match party.persons.len() {
            0 => losses.push(lost(at, LossReason::AccountWithoutPerson)),
            1 => {}
            _ => losses.push(lost(at, LossReason::AccountOwnerChosen)),
        }
        if let Some(first) = party.persons.first_mut() {
            first.account_numbers = accounts;
        }
    }
    payload.metadata.get_or_insert_default().payload_version = Some(PayloadVersion::V2023);
    (payload, losses)
}

/// What is lost from 2023 to 2020: whose an account is, and accounts that are too long.
fn lost_downwards(payload: &Payload) -> Vec<Loss> {
    let mut losses = Vec::new();
    for (side, party) in parties(payload) {
        for (at, person) in party.persons.iter().enumerate() {
            let path = format!("{side}.{side}Persons[{at}].accountNumber");
            if party.persons.len() > 1 && !person.account_numbers.is_empty() {
                losses.push(lost(path.clone(), LossReason::AccountOwner));
            }
            for (at, account) in person.account_numbers.iter().enumerate() {
                if account.chars().count() > 100 {
                    losses.push(lost(format!("{path}[{at}]"), LossReason::AccountTooLong));
                }
            }
        }
    }
    let with_accounts = |person: Option<&waybill_ivms101::model::Person>| {
        person.is_some_and(|person| !person.account_numbers.is_empty())
    };
    let vasps =
        [("originatingVASP", &payload.originating_vasp), ("beneficiaryVASP", &payload.beneficiary_vasp)];
    for (key, vasp) in vasps {
        if with_accounts(vasp.as_ref().and_then(|vasp| vasp.person.as_ref())) {
            losses.push(lost(format!("{key}.{key}.accountNumber"), LossReason::AccountOfVasp));
        }
    }
    for (at, vasp) in payload.transfer_path.iter().flat_map(|path| &path.vasps).enumerate() {
        if with_accounts(vasp.person.as_ref()) {
            let path = format!("transferPath.transferPath[{at}].intermediaryVASP.accountNumber");
            losses.push(lost(path, LossReason::AccountOfVasp));
        }
    }
    losses
}

/// Down and up again: accounts on the first person, those of VASPs gone.
fn downwards_and_upwards(mut payload: Payload) -> Payload {
    for party in [&mut payload.originator, &mut payload.beneficiary] {
        let accounts = party.persons.iter_mut().flat_map(|person| person.account_numbers.drain(..));
        party.account_numbers = accounts.filter(|account| account.chars().count() <= 100).collect();
    }
    let vasps = [&mut payload.originating_vasp, &mut payload.beneficiary_vasp];
    for person in vasps.into_iter().flatten().filter_map(|vasp| vasp.person.as_mut()) {
        person.account_numbers.clear();
    }
    for vasp in payload.transfer_path.iter_mut().flat_map(|path| &mut path.vasps) {
        vasp.person.iter_mut().for_each(|person| person.account_numbers.clear());
    }
    upwards(payload).0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn each_dialect_says_all_that_it_has_words_for(
        profile in payload(Flavour::VERIFY_VASP),
        of_2020 in payload(Flavour::IVMS_2020),
        of_2023 in payload(Flavour::IVMS_2023),
    ) {
        for (document, target) in
            [(profile, Target::VerifyVasp), (of_2020, Target::Ivms2020), (of_2023, Target::Ivms2023)]
        {
            let written = convert(&document, target);
            prop_assert_eq!(&written.losses, &[]);
            prop_assert_eq!(again(&written), document);
        }
    }

    #[test]
    fn from_2020_to_2023_only_the_owner_of_accounts_is_in_doubt(document in payload(Flavour::IVMS_2020)) {
        let (expected, losses) = upwards(document.clone());
        let written = convert(&again(&convert(&document, Target::Ivms2020)), Target::Ivms2023);
        prop_assert_eq!(&written.losses, &losses);
        prop_assert_eq!(again(&written), expected);
    }

    #[test]
    fn from_2023_to_2020_only_owners_and_long_accounts_are_lost(document in payload(Flavour::IVMS_2023)) {
        let written = convert(&again(&convert(&document, Target::Ivms2023)), Target::Ivms2020);
        prop_assert_eq!(&written.losses, &lost_downwards(&document));
        let back = again(&convert(&again(&written), Target::Ivms2023));
        prop_assert_eq!(back, downwards_and_upwards(document));
    }

    #[test]
    fn what_is_written_loses_nothing_more(document in payload(Flavour::EVERYTHING)) {
        for target in Target::ALL {
            let once = convert(&document, *target);
            let twice = convert(&again(&once), *target);
            prop_assert_eq!(&twice.losses, &[]);
            prop_assert_eq!(&twice.document, &once.document);
        }
    }

    #[test]
    fn every_field_left_out_is_a_loss(document in payload(Flavour::EVERYTHING)) {
        let whole = convert(&document, Target::VerifyVasp).document.to_string();
        for target in [Target::Ivms2020, Target::Ivms2023] {
            let written = convert(&document, target);
            let text = written.document.to_string();
            for name in ["\"_zz", "\"nationality\"", "\"dateOfIncorporation\""] {
                prop_assert!(!text.contains(name), "{name} in {target}");
                let of_name = |loss: &&Loss| loss.path.rsplit('.').next().unwrap().starts_with(name.trim_matches('"'));
                let losses = written.losses.iter().filter(of_name).count();
                prop_assert_eq!(losses, whole.matches(name).count(), "{}", name);
            }
        }
    }

    #[test]
    fn no_text_panics_the_reader(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_json(text.as_bytes());
        let _ = read_json(&bytes);
    }
}

#[test]
fn every_loss_has_its_reason() {
    let account = |length: usize| json!(["a".repeat(length)]);
    let natural =
        json!({"naturalPerson": {"nationality": "KR", "colour": "teal"}, "accountNumber": account(101)});
    let payload = read(&json!({
        "originator": {"originatorPersons": [natural, {"legalPerson": {"dateOfIncorporation": "2009-02-28"}}], "accountNumber": account(513)},
        "beneficiary": {"accountNumber": "0xab"},
        "originatingVASP": {"legalPerson": {}, "accountNumber": "0xcd"},
        "note": 1,
    }))
    .payload;
    let lost = |target| -> Vec<String> {
        let losses = convert(&payload, target).losses.into_iter();
        losses.map(|loss| format!("{} {}", loss.path, loss.reason)).collect()
    };
    let extensions = [
        "originator.originatorPersons[0].naturalPerson.nationality EXTENSION",
        "originator.originatorPersons[0].naturalPerson.colour UNKNOWN-FIELD",
        "originator.originatorPersons[1].legalPerson.dateOfIncorporation EXTENSION",
    ];
    let of_2020 = [
        &[
            "originator.accountNumber[0] ACCOUNT-TOO-LONG",
            "originator.originatorPersons[0].accountNumber ACCOUNT-OWNER",
            "originator.originatorPersons[0].accountNumber[0] ACCOUNT-TOO-LONG",
        ],
        &extensions[..],
        &["originatingVASP.originatingVASP.accountNumber ACCOUNT-OF-VASP", "note UNKNOWN-FIELD"],
    ];
    assert_eq!(lost(Target::Ivms2020), of_2020.concat());
    let of_2023 = [
        &["originator.accountNumber ACCOUNT-OWNER-CHOSEN", "originator.accountNumber[0] ACCOUNT-TOO-LONG"],
        &extensions[..],
        &["beneficiary.accountNumber ACCOUNT-WITHOUT-PERSON", "note UNKNOWN-FIELD"],
    ];
    assert_eq!(lost(Target::Ivms2023), of_2023.concat());
    assert_eq!(lost(Target::VerifyVasp), ["originator.originatorPersons[0].accountNumber ACCOUNT-OWNER"]);
}

#[test]
fn account_lengths_are_counted_in_characters_and_keep_their_case() {
    let of = |account: &str| {
        read(&json!({"originator": {"persons": [{"naturalPerson": {}}], "accountNumber": account}}))
    };
    for (length, losses) in [(100, 0), (101, 1)] {
        let document = of(&"é".repeat(length));
        assert_eq!(convert(&document.payload, Target::Ivms2020).losses.len(), losses);
    }
    for (length, losses) in [(512, 0), (513, 1)] {
        let document = of(&"é".repeat(length));
        assert_eq!(convert(&document.payload, Target::Ivms2023).losses.len(), losses);
    }
    for target in Target::ALL {
        let written = convert(&of("0xAbCdEf:00123").payload, *target).document.to_string();
        assert!(written.contains("\"0xAbCdEf:00123\""), "{written}");
    }
}

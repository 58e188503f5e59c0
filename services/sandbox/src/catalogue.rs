//! The inputs that bring about each answer, as the documentation lists them and the tests try them.

use std::fmt::Write;

use crate::customers::{Account, Book, Customer, book_of};
use crate::denial::Denial;
use crate::endpoint::Endpoint;
use crate::magic::{ADDRESSES, Effect};
use crate::misbehaviour::Misbehaviour;
use crate::options::CustomerSet;
use crate::verification::BLACKLISTED_ORIGINATOR;

/// One input and what the backend answers to it.
pub struct Case {
    /// At which endpoint.
    pub endpoint: Endpoint,
    /// Where a request to the enclave API is changed, and to which JSON; `null` leaves the field out.
    pub edits: Vec<(&'static str, String)>,
    /// What the backend does: result, reason, message, or how it fails.
    pub answer: String,
}

const ADDRESS: &str = "payload.ivms101.beneficiary.accountNumber";
const BENEFICIARIES: &str = "payload.ivms101.beneficiary.beneficiaryPersons";
const ORIGINATORS: &str = "payload.ivms101.originator.originatorPersons";

/// Every reason and every fault of the account check and the user verification.
pub fn cases() -> Vec<Case> {
    let mut cases = ordinary();
    for magic in &ADDRESSES {
        for endpoint in [Endpoint::Account, Endpoint::Verification] {
            if let Some(answer) = told(endpoint, magic.effect(endpoint)) {
                let edits = vec![(ADDRESS, format!(r#"["{}"]"#, magic.address))];
                cases.push(Case { endpoint, edits, answer });
            }
        }
    }
    cases.sort_by_key(|case| case.endpoint == Endpoint::Verification);
    cases
}

/// Cases that need no magic address.
fn ordinary() -> Vec<Case> {
    let case = |endpoint, edits: &[(&'static str, &str)], answer: &str| Case {
        endpoint,
        edits: edits.iter().map(|(path, json)| (*path, (*json).to_owned())).collect(),
        answer: answer.to_owned(),
    };
    let account = |edits: &[_], answer| case(Endpoint::Account, edits, answer);
    let verification = |edits: &[_], answer| case(Endpoint::Verification, edits, answer);
    let stranger = person("Sam", "Stranger", None);
    let ageless = person("Alex", "Doe", None);
    let (primary, secondary, born) = BLACKLISTED_ORIGINATOR;
    let blacklisted = person(primary, secondary, Some(born));
    let nowhere = r#"["0x0000000000000000000000000000000000000bad"]"#;
    vec![
        account(&[], "VERIFIED"),
        account(&[("symbol", r#""DOGE""#)], "DENIED UNKNOWN-SYMBOL"),
        account(
            &[("symbol", r#""USDT""#), ("network", "null")],
            "DENIED UNKNOWN-NETWORK \"'network' is necessary\"",
        ),
        account(&[("network", r#""Bitcoin""#)], "DENIED UNKNOWN-NETWORK \"Bitcoin\""),
        account(&[(ADDRESS, nowhere)], "DENIED UNKNOWN-ADDRESS"),
        account(&[(BENEFICIARIES, &stranger)], "DENIED MISMATCHED-NAME"),
        verification(&[], "VERIFIED OK"),
        verification(
            &[("assetInfo.isExceedingThreshold", "false"), (BENEFICIARIES, &stranger)],
            "VERIFIED OK",
        ),
        verification(&[("assetInfo.symbol", r#""DOGE""#)], "DENIED UNKNOWN-SYMBOL"),
        verification(
            &[("assetInfo.symbol", r#""USDT""#), ("assetInfo.network", "null")],
            "DENIED UNKNOWN-NETWORK \"'network' is necessary\"",
        ),
        verification(&[("assetInfo.network", r#""Bitcoin""#)], "DENIED UNKNOWN-NETWORK \"Bitcoin\""),
        verification(&[(ADDRESS, nowhere)], "DENIED UNKNOWN-ADDRESS"),
        verification(&[(BENEFICIARIES, &stranger)], "DENIED MISMATCHED-NAME"),
        verification(
            &[(ORIGINATORS, &ageless)],
            "DENIED LACK-OF-INFORMATION \"NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH\"",
        ),
        verification(
            &[("requiredBeneficiaryInfo", r#""NATURAL_PERSON_NATIONALITY,LOCAL_NATURAL_PERSON_NAME""#)],
            "DENIED UNAVAILABLE-INFORMATION \"NATURAL_PERSON_NATIONALITY,LOCAL_NATURAL_PERSON_NAME\"",
        ),
        verification(&[(ORIGINATORS, &blacklisted)], "DENIED BLACKLISTED"),
    ]
}

fn person(primary: &str, secondary: &str, born: Option<&str>) -> String {
    let born = born
        .map(|date| format!(r#","dateAndPlaceOfBirth":{{"dateOfBirth":"{date}","placeOfBirth":"Leeds"}}"#));
    format!(
        r#"[{{"naturalPerson":{{"name":{{"nameIdentifier":[{{"primaryIdentifier":"{primary}","secondaryIdentifier":"{secondary}","nameIdentifierType":"LEGL"}}]}}{}}}}}]"#,
        born.unwrap_or_default()
    )
}

/// What an effect means to the caller; `None` when it means nothing.
fn told(endpoint: Endpoint, effect: Effect) -> Option<String> {
    let denied = |denial: Denial| match denial.message {
        Some(message) => format!("{} {} \"{message}\"", denial.result, denial.reason),
        None => format!("{} {}", denial.result, denial.reason),
    };
    Some(match effect {
        Effect::Usual => return None,
        Effect::Deny(reason) => denied(Denial::of(reason)),
        Effect::Error(reason) => denied(Denial::error(reason)),
        Effect::TellEverything => "VERIFIED OK, and tells all it knows, asked for or not".to_owned(),
        Effect::OtherAccount => "VERIFIED OK, but with another accountNumber".to_owned(),
        Effect::Misbehave(how) => failing(endpoint, how),
    })
}

fn failing(endpoint: Endpoint, how: Misbehaviour) -> String {
    match how {
        Misbehaviour::Slow(_) => {
            format!("answers half a second after the limit of {} s", endpoint.limit().as_secs())
        }
        Misbehaviour::Down => "closes the connection without an answer".to_owned(),
        Misbehaviour::Nonsense => "200 with a body that is no JSON".to_owned(),
        Misbehaviour::WrongContentType => "the right answer under text/html".to_owned(),
        Misbehaviour::TooMuch => "the right answer with 1 MiB of padding".to_owned(),
        Misbehaviour::UnknownResult => "a result that the interface does not know: MAYBE".to_owned(),
        Misbehaviour::Refuse(status, _) => format!("HTTP {status}"),
    }
}

/// The table of inputs and answers, in Markdown.
pub fn magic_table() -> String {
    let mut table =
        "| endpoint | change in the request | what the backend does |\n|---|---|---|\n".to_owned();
    for case in cases() {
        let edits: Vec<String> =
            case.edits.iter().map(|(path, json)| format!("`{path}`: `{json}`")).collect();
        let edits = if edits.is_empty() { "none".to_owned() } else { edits.join("<br>") };
        let _ = writeln!(table, "| {} | {edits} | {} |", case.endpoint, case.answer);
    }
    table
}

/// The customers of both VASPs and their addresses, in Markdown.
pub fn customers_table() -> String {
    let mut table = "| VASP | holder | assets | network | address |\n|---|---|---|---|---|\n".to_owned();
    for (vasp, set) in [("robot", CustomerSet::Robot), ("ours", CustomerSet::Ours)] {
        let book = book_of(set);
        for account in book.accounts {
            let holders: Vec<String> = account.holders.iter().map(described).collect();
            let (holders, assets) = (holders.join("; "), assets(book, account));
            let (network, address) = (account.network, account.address);
            let _ = writeln!(table, "| {vasp} | {holders} | {assets} | {network} | `{address}` |");
        }
    }
    table
}

fn described(holder: &Customer) -> String {
    match holder {
        Customer::Natural(person) => {
            let (primary, secondary) = person.legal_name;
            format!("{primary} {secondary}, born {}", person.birth_date)
        }
        Customer::Legal(company) => {
            let names = company.representatives.iter().map(|person| person.legal_name);
            let names: Vec<String> =
                names.map(|(primary, secondary)| format!("{primary} {secondary}")).collect();
            format!("{}, represented by {}", company.legal_name, names.join(", "))
        }
    }
}

fn assets(book: &Book, account: &Account) -> String {
    let held = book.assets.iter().filter(|asset| asset.networks.contains(&account.network));
    held.map(|asset| asset.symbol).collect::<Vec<_>>().join(", ")
}

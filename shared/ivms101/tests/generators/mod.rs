//! Whole documents, made of everything that the model knows.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, json};
use waybill_ivms101::model::{
    Address, AddressType, Birth, IntermediaryVasp, LegalName, LegalNameType, LegalPerson, Names,
    NationalIdentification, NationalIdentifierType, NaturalName, NaturalNameType, NaturalPerson, Other,
    Party, Payload, PayloadMetadata, PayloadVersion, Person, Private, TransferPath, TransliterationMethod,
    Vasp,
};

/// What may be in a document.
#[derive(Debug, Clone, Copy)]
pub struct Flavour {
    /// Additions of VerifyVASP and unknown fields.
    pub open: bool,
    /// Accounts of parties.
    pub party_accounts: bool,
    /// Accounts of persons.
    pub person_accounts: bool,
    /// The longest account number.
    pub longest_account: usize,
    /// The edition that documents name; none is left to chance when `open`.
    pub version: Option<PayloadVersion>,
}

impl Flavour {
    pub const EVERYTHING: Self = Self {
        open: true,
        party_accounts: true,
        person_accounts: true,
        longest_account: 600,
        version: Some(PayloadVersion::V2023),
    };
    pub const VERIFY_VASP: Self = Self { person_accounts: false, ..Self::EVERYTHING };
    pub const IVMS_2020: Self = Self {
        open: false,
        party_accounts: true,
        person_accounts: false,
        longest_account: 100,
        version: None,
    };
    pub const IVMS_2023: Self = Self {
        open: false,
        party_accounts: false,
        person_accounts: true,
        longest_account: 512,
        version: Some(PayloadVersion::V2023),
    };
}

fn word() -> impl Strategy<Value = Private<String>> {
    "[a-zA-Z가-힣][a-zA-Z가-힣' .,-]{0,11}".prop_map(Private)
}

fn maybe_word() -> impl Strategy<Value = Option<Private<String>>> {
    prop::option::of(word())
}

fn country() -> impl Strategy<Value = Private<String>> {
    select(vec!["KR", "SG", "XX"]).prop_map(Private::from)
}

fn day() -> impl Strategy<Value = Private<NaiveDate>> {
    (0..60_000_i32).prop_map(|days| Private(NaiveDate::from_num_days_from_ce_opt(690_000 + days).unwrap()))
}

/// Names that no field has, and that no value looks like.
fn other(flavour: Flavour) -> BoxedStrategy<Other> {
    let value = select(vec![json!(null), json!(""), json!(7), json!(["a", {"b": []}]), json!({"name": "x"})]);
    let fields = prop::collection::vec(("_zz[a-z]{1,4}", value), 0..=usize::from(flavour.open));
    fields.prop_map(|fields| Private(fields.into_iter().collect::<Map<_, _>>())).boxed()
}

fn accounts(flavour: Flavour, wanted: bool) -> impl Strategy<Value = Vec<Private<String>>> {
    let short = "[a-zA-Z0-9:]{1,20}".prop_map(Private).boxed();
    let long = (90..=flavour.longest_account).prop_map(|length| Private("é".repeat(length))).boxed();
    let account = prop_oneof![4 => short, 1 => long];
    prop::collection::vec(account, 0..=if wanted { 3 } else { 0 })
}

fn names<Name: std::fmt::Debug + Clone + 'static>(
    flavour: Flavour,
    name: impl Strategy<Value = Name> + 'static,
) -> impl Strategy<Value = Names<Name>> {
    let list = prop::collection::vec(name.boxed(), 0..3);
    (list.clone(), list.clone(), list, other(flavour))
        .prop_map(|(identifiers, local, phonetic, other)| Names { identifiers, local, phonetic, other })
}

fn address(flavour: Flavour) -> BoxedStrategy<Address> {
    let texts = prop::collection::vec(maybe_word(), 13);
    let lines = prop::collection::vec(word(), 0..3);
    let kind = prop::option::of(select(AddressType::ALL));
    (texts, lines, kind, country(), other(flavour))
        .prop_map(|(texts, lines, address_type, country, other)| {
            let mut texts = texts.into_iter();
            let mut next = || texts.next().unwrap();
            Address {
                address_type,
                department: next(),
                sub_department: next(),
                street_name: next(),
                building_number: next(),
                building_name: next(),
                floor: next(),
                post_box: next(),
                room: next(),
                postcode: next(),
                town_name: next(),
                town_location_name: next(),
                district_name: next(),
                country_sub_division: next(),
                lines,
                country,
                other,
            }
        })
        .boxed()
}

fn identification(flavour: Flavour) -> BoxedStrategy<NationalIdentification> {
    let kind = prop::option::of(select(NationalIdentifierType::ALL));
    (word(), kind, prop::option::of(country()), maybe_word(), other(flavour))
        .prop_map(|(identifier, identifier_type, country_of_issue, registration_authority, other)| {
            NationalIdentification {
                identifier,
                identifier_type,
                country_of_issue,
                registration_authority,
                other,
            }
        })
        .boxed()
}

fn natural(flavour: Flavour) -> BoxedStrategy<Person> {
    let name =
        (word(), maybe_word(), prop::option::of(select(NaturalNameType::ALL)), other(flavour)).prop_map(
            |(primary, secondary, name_type, other)| NaturalName { primary, secondary, name_type, other },
        );
    let birth = (prop::option::of(day()), maybe_word(), other(flavour))
        .prop_map(|(date, place, other)| Birth { date, place, other });
    let person = (
        names(flavour, name),
        prop::collection::vec(address(flavour), 0..2),
        prop::option::of(identification(flavour)),
        maybe_word(),
        prop::option::of(birth),
        prop::option::of(country()),
        prop::option::of(country()),
        other(flavour),
    );
    person
        .prop_map(move |(name, addresses, identification, customer, birth, residence, nationality, other)| {
            let person = NaturalPerson {
                name,
                addresses,
                national_identification: identification,
                customer_identification: customer,
                birth,
                country_of_residence: residence,
                nationality: nationality.filter(|_| flavour.open),
                other,
            };
            person.into()
        })
        .boxed()
}

fn legal(flavour: Flavour) -> BoxedStrategy<Person> {
    let name = (word(), prop::option::of(select(LegalNameType::ALL)), other(flavour))
        .prop_map(|(name, name_type, other)| LegalName { name, name_type, other });
    let person = (
        names(flavour, name),
        prop::collection::vec(address(flavour), 0..2),
        maybe_word(),
        prop::option::of(identification(flavour)),
        prop::option::of(country()),
        prop::option::of(day()),
        other(flavour),
    );
    person
        .prop_map(move |(name, addresses, customer, identification, registration, day, other)| {
            let person = LegalPerson {
                name,
                addresses,
                customer_identification: customer,
                national_identification: identification,
                country_of_registration: registration,
                date_of_incorporation: day.filter(|_| flavour.open),
                other,
            };
            person.into()
        })
        .boxed()
}

fn person(flavour: Flavour) -> BoxedStrategy<Person> {
    let person = prop_oneof![natural(flavour), legal(flavour)];
    (person, accounts(flavour, flavour.person_accounts), other(flavour))
        .prop_map(|(person, account_numbers, other)| Person { account_numbers, other, ..person })
        .boxed()
}

fn party(flavour: Flavour) -> BoxedStrategy<Party> {
    let persons = prop::collection::vec(person(flavour), 0..3);
    (persons, accounts(flavour, flavour.party_accounts), other(flavour))
        .prop_map(|(persons, account_numbers, other)| Party { persons, account_numbers, other })
        .boxed()
}

/// In the profile, too, a VASP may have accounts: it has them to itself.
fn vasp_person(flavour: Flavour) -> BoxedStrategy<Person> {
    person(Flavour { person_accounts: flavour.person_accounts || flavour.open, ..flavour }).boxed()
}

fn vasp(flavour: Flavour) -> BoxedStrategy<Vasp> {
    (prop::option::of(vasp_person(flavour)), other(flavour))
        .prop_map(|(person, other)| Vasp { person, other })
        .boxed()
}

fn transfer_path(flavour: Flavour) -> BoxedStrategy<TransferPath> {
    let sequence = prop::option::of(0..10_u64.pow(18));
    let vasp = (prop::option::of(vasp_person(flavour)), sequence, other(flavour))
        .prop_map(|(person, sequence, other)| IntermediaryVasp { person, sequence, other });
    (prop::collection::vec(vasp, 0..2), other(flavour))
        .prop_map(|(vasps, other)| TransferPath { vasps, other })
        .boxed()
}

fn metadata(flavour: Flavour) -> impl Strategy<Value = Option<PayloadMetadata>> {
    let methods = prop::collection::vec(select(TransliterationMethod::ALL), 0..3);
    let metadata = (methods, other(flavour)).prop_map(move |(transliteration_methods, other)| {
        PayloadMetadata { transliteration_methods, payload_version: flavour.version, other }
    });
    let always = flavour.version.is_some() && !flavour.open;
    (metadata, any::<bool>()).prop_map(move |(metadata, there)| (there || always).then_some(metadata))
}

pub fn payload(flavour: Flavour) -> impl Strategy<Value = Payload> {
    (
        party(flavour),
        party(flavour),
        prop::option::of(vasp(flavour)),
        prop::option::of(vasp(flavour)),
        prop::option::of(transfer_path(flavour)),
        metadata(flavour),
        other(flavour),
    )
        .prop_map(
            |(
                originator,
                beneficiary,
                originating_vasp,
                beneficiary_vasp,
                transfer_path,
                metadata,
                other,
            )| {
                Payload {
                    originator,
                    beneficiary,
                    originating_vasp,
                    beneficiary_vasp,
                    transfer_path,
                    metadata,
                    other,
                }
            },
        )
}

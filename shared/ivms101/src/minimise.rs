//! Data protection by cutting: nothing leaves that was not asked for.

use waybill_domain::{InfoCode, RequiredBeneficiaryInfo};

use crate::model::{Address, ForgetUnknown, LegalPerson, NaturalPerson, Party, Person, PersonDetails};

/// The party with exactly the data asked for. Account numbers always stay: the originator compares them.
///
/// The natural persons of a legal person are its representatives, with codes of their own; while one of them stays,
/// the legal person stays in front, empty if need be, so that they are told apart. Unknown fields, phonetic names and
/// persons of whom nothing is left are dropped, because no code asks for them. To be applied once, where an answer
/// leaves: branch offices without the head office come out as the first addresses.
#[must_use]
pub fn minimise(party: &Party, asked: &RequiredBeneficiaryInfo) -> Party {
    let of_company = party.is_legal();
    let mut party = party.clone();
    party.forget_unknown();
    for person in &mut party.persons {
        match &mut person.details {
            PersonDetails::Legal(person) => legal_person(person, asked),
            PersonDetails::Natural(person) if of_company => representative(person, asked),
            PersonDetails::Natural(person) => natural_person(person, asked),
        }
    }
    party.persons.retain(|person| matches!(person.details, PersonDetails::Legal(_)) || !is_empty(person));
    if party.persons.iter().all(is_empty) {
        party.persons.clear();
    }
    party
}

/// The party with names and account numbers only, as an account check sends it.
#[must_use]
pub fn names_only(party: &Party) -> Party {
    let mut party = party.clone();
    party.forget_unknown();
    for person in &mut party.persons {
        match &mut person.details {
            PersonDetails::Legal(person) => {
                **person = LegalPerson { name: std::mem::take(&mut person.name), ..LegalPerson::default() };
            }
            PersonDetails::Natural(person) => {
                **person =
                    NaturalPerson { name: std::mem::take(&mut person.name), ..NaturalPerson::default() };
            }
        }
    }
    party
}

fn natural_person(person: &mut NaturalPerson, asked: &RequiredBeneficiaryInfo) {
    let asked = |code| asked.contains(code);
    keep(&mut person.name.identifiers, asked(InfoCode::NaturalPersonName));
    keep(&mut person.name.local, asked(InfoCode::LocalNaturalPersonName));
    keep(&mut person.name.phonetic, false);
    keep(&mut person.addresses, asked(InfoCode::NaturalPersonGeographicAddress));
    keep(&mut person.national_identification, asked(InfoCode::NaturalPersonNationalIdentification));
    keep(&mut person.customer_identification, asked(InfoCode::NaturalPersonCustomerIdentification));
    keep(&mut person.birth, asked(InfoCode::NaturalPersonDateAndPlaceOfBirth));
    keep(&mut person.country_of_residence, asked(InfoCode::NaturalPersonCountryOfResidence));
    keep(&mut person.nationality, asked(InfoCode::NaturalPersonNationality));
}

/// Fewer codes exist for a representative than for a customer; what has none is dropped.
fn representative(person: &mut NaturalPerson, asked: &RequiredBeneficiaryInfo) {
    let asked = |code| asked.contains(code);
    keep(&mut person.name.identifiers, asked(InfoCode::CorporateRepresentativeName));
    keep(&mut person.name.local, asked(InfoCode::LocalCorporateRepresentativeName));
    keep(&mut person.name.phonetic, false);
    keep(&mut person.addresses, false);
    keep(&mut person.national_identification, false);
    keep(&mut person.customer_identification, false);
    keep(&mut person.birth, asked(InfoCode::CorporateRepresentativeDateAndPlaceOfBirth));
    keep(&mut person.country_of_residence, false);
    keep(&mut person.nationality, asked(InfoCode::CorporateRepresentativeNationality));
}

fn legal_person(person: &mut LegalPerson, asked: &RequiredBeneficiaryInfo) {
    let asked = |code| asked.contains(code);
    keep(&mut person.name.identifiers, asked(InfoCode::LegalPersonName));
    keep(&mut person.name.local, asked(InfoCode::LocalLegalPersonName));
    keep(&mut person.name.phonetic, false);
    offices(
        &mut person.addresses,
        asked(InfoCode::HeadOfficeGeographicAddress),
        asked(InfoCode::BranchOfficeGeographicAddress),
    );
    keep(&mut person.customer_identification, asked(InfoCode::LegalPersonCustomerIdentification));
    keep(&mut person.national_identification, asked(InfoCode::LegalPersonNationalIdentification));
    keep(&mut person.country_of_registration, asked(InfoCode::LegalPersonCountryOfRegistration));
    keep(&mut person.date_of_incorporation, asked(InfoCode::LegalPersonDateOfIncorporation));
}

/// The first address is the head office, the others are branches.
fn offices(addresses: &mut Vec<Address>, head: bool, branches: bool) {
    if !branches {
        addresses.truncate(1);
    }
    if !head && !addresses.is_empty() {
        addresses.remove(0);
    }
}

fn keep<T: Default>(value: &mut T, asked: bool) {
    if !asked {
        *value = T::default();
    }
}

fn is_empty(person: &Person) -> bool {
    let nothing_known = match &person.details {
        PersonDetails::Natural(person) => **person == NaturalPerson::default(),
        PersonDetails::Legal(person) => **person == LegalPerson::default(),
    };
    nothing_known && person.account_numbers.is_empty()
}

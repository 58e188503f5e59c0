//! Persons: IVMS101 in the VerifyVASP profile.

#[cfg(all(test, feature = "check"))]
mod tests;

use serde_json::{Value, json};
use waybill_domain::limits;
use waybill_ivms101::model::{AddressType, LegalNameType, NationalIdentifierType, NaturalNameType};

use super::{EXAMPLE_ADDRESS, account_number};
use crate::{Field, Schema, field, optional};

/// The version of the payload.
pub fn payload_version() -> Schema {
    Schema::text(limits::PAYLOAD_VERSION).about("Version of the IVMS101 message.").example("1.0")
}

/// Both parties, as a request gives them.
pub fn both_parties() -> Schema {
    Schema::object([field("originator", originator()), field("beneficiary", beneficiary())])
        .refusable()
        .about(
            "Both customers. The two VASPs are filled in from the directory, whatever stands here about them; \
             `transferPath` and `payloadMetadata` are read and go no further.",
        )
        .named("Parties")
}

/// Whoever is to be screened, as a request gives them in place of the verification's.
pub fn screened_parties() -> Schema {
    let party = |persons: &'static str| {
        let accounts =
            Schema::list(account_number()).about("Not looked at.").example(json!([EXAMPLE_ADDRESS]));
        Schema::object([field(persons, persons_of_a_party()), optional("accountNumber", accounts)])
            .refusable()
    };
    Schema::object([
        optional(
            "originator",
            party("originatorPersons")
                .about("Whom the beneficiary VASP has screened.")
                .named("ScreenedOriginator"),
        ),
        optional(
            "beneficiary",
            party("beneficiaryPersons")
                .about("Whom the originating VASP has screened.")
                .named("ScreenedBeneficiary"),
        ),
    ])
    .refusable()
    .about("The customer of the counterparty; the other side is not looked at.")
    .named("ScreenedParties")
}

/// Both parties and both VASPs, as a backend gets them.
pub fn parties_and_vasps() -> Schema {
    Schema::object([
        field("originator", given_party("originatorPersons").about("Who sends.").named("GivenOriginator")),
        field("beneficiary", given_beneficiary()),
        field("originatingVASP", vasp("originatingVASP")),
        field("beneficiaryVASP", vasp("beneficiaryVASP")),
    ])
    .about("Both customers and both VASPs.")
    .named("PartiesAndVasps")
}

/// Who sends.
pub fn originator() -> Schema {
    party("originatorPersons", true).refusable().about("Who sends.").named("Originator")
}

/// Who receives.
pub fn beneficiary() -> Schema {
    party("beneficiaryPersons", true).refusable().about("Who receives.").named("Beneficiary")
}

/// Who an account check is about: names are not mandatory.
pub fn account_holder() -> Schema {
    party("beneficiaryPersons", false)
        .refusable()
        .about("Who receives. Of the persons only names are passed on.")
        .named("AccountHolder")
}

/// Who receives, as a counterparty or its backend gives it: only what was asked for.
pub fn given_beneficiary() -> Schema {
    given_party("beneficiaryPersons")
        .about("Who receives: only what was asked for.")
        .named("GivenBeneficiary")
}

fn persons_of_a_party() -> Schema {
    Schema::list(person())
        .with("minItems", 1)
        .about("A natural person; or a legal person, followed by the natural persons who represent it.")
        .example(json!([example_person("Taylor", "Robbins")]))
}

fn party(persons: &'static str, with_persons: bool) -> Schema {
    let list = persons_of_a_party();
    let accounts = Schema::list(account_number())
        .with("minItems", 1)
        .with("maxItems", 1)
        .about("Exactly one account number or address.")
        .example(json!([EXAMPLE_ADDRESS]));
    let persons = if with_persons { field(persons, list) } else { optional(persons, list) };
    Schema::object([persons, field("accountNumber", accounts)])
}

fn given_party(persons: &'static str) -> Schema {
    let list = Schema::list(given_person()).about("The persons, with what was asked for.");
    let accounts = Schema::list(account_number()).about("The account number or address.");
    Schema::object([optional(persons, list), optional("accountNumber", accounts)])
}

fn vasp(name: &'static str) -> Schema {
    let title = if name == "originatingVASP" { "OriginatingVasp" } else { "BeneficiaryVasp" };
    let accounts =
        Schema::list(account_number()).about("Accounts of the VASP itself, where the directory has them.");
    let company = Schema::object([
        optional("naturalPerson", given_natural_person()),
        optional("legalPerson", given_legal_person()),
        optional("accountNumber", accounts),
    ])
    .about("The VASP, a legal person as a rule.")
    .named("VaspPerson");
    Schema::object([optional(name, company)])
        .about(
            "The VASP, from the directory: `legalPerson` in a field of its own name, as the standard has it.",
        )
        .named(title)
}

/// A person with a name.
fn person() -> Schema {
    Schema::one_of([
        Schema::object([field("naturalPerson", natural_person())]).refusable().about("A human being."),
        Schema::object([field("legalPerson", legal_person())])
            .refusable()
            .about("A company or other organisation."),
    ])
    .about("One person: either natural or legal.")
    .named("Person")
}

/// A person, perhaps without a name.
fn given_person() -> Schema {
    Schema::object([
        optional("naturalPerson", given_natural_person()),
        optional("legalPerson", given_legal_person()),
    ])
    .about("One person: either natural or legal.")
    .named("GivenPerson")
}

fn given_natural_person() -> Schema {
    Schema::object(natural_fields(false)).about("A human being.").named("GivenNaturalPerson")
}

fn given_legal_person() -> Schema {
    Schema::object(legal_fields(false)).about("A company or other organisation.").named("GivenLegalPerson")
}

fn natural_person() -> Schema {
    Schema::object(natural_fields(true)).refusable().about("A human being.").named("NaturalPerson")
}

fn legal_person() -> Schema {
    Schema::object(legal_fields(true))
        .refusable()
        .about("A company or other organisation.")
        .named("LegalPerson")
}

fn natural_fields(with_name: bool) -> Vec<Field> {
    let name = if with_name { field } else { optional };
    vec![
        name("name", names("NaturalPersonNames", natural_name())),
        optional("geographicAddress", Schema::list(address()).about("Addresses.")),
        optional("nationalIdentification", identification()),
        optional("customerIdentification", text(50, "The id that the VASP gave to the customer.", "C-1042")),
        optional("dateAndPlaceOfBirth", birth()),
        optional("countryOfResidence", country("Where the person lives.")),
        optional("nationality", country("Nationality; an extension of the profile.")),
    ]
}

fn legal_fields(with_name: bool) -> Vec<Field> {
    let name = if with_name { field } else { optional };
    vec![
        name("name", names("LegalPersonNames", legal_name())),
        optional("geographicAddress", Schema::list(address()).about("The head office first, then branches.")),
        optional("customerIdentification", text(50, "The id that the VASP gave to the customer.", "C-1042")),
        optional("nationalIdentification", identification()),
        optional("countryOfRegistration", country("Where it is registered.")),
        optional(
            "dateOfIncorporation",
            day("When it was founded; an extension of the profile.", "2011-05-02"),
        ),
    ]
}

fn names(title: &'static str, name: Schema) -> Schema {
    let listed = |about| Schema::list(name.clone()).with("minItems", 1).about(about);
    Schema::object([
        optional("nameIdentifier", listed("In Latin letters; at least one of type `LEGL`.")),
        optional("localNameIdentifier", listed("In the local script.")),
        optional("phoneticNameIdentifier", listed("As they sound.")),
    ])
    .refusable()
    .about("Names. Where a name is mandatory, `nameIdentifier` is.")
    .named(title)
}

fn natural_name() -> Schema {
    let kind = Schema::choice(NaturalNameType::ALL.iter().map(|kind| kind.as_str()))
        .about("Legal, birth, maiden name, alias, other.");
    Schema::object([
        field(
            "primaryIdentifier",
            text(100, "Family name, or the whole name where it cannot be split.", "Robbins"),
        ),
        optional("secondaryIdentifier", text(100, "Given names.", "Taylor")),
        field("nameIdentifierType", kind.example("LEGL")),
    ])
    .refusable()
    .named("NaturalPersonName")
}

fn legal_name() -> Schema {
    let kind = Schema::choice(LegalNameType::ALL.iter().map(|kind| kind.as_str()))
        .about("Registered, short, trading name.");
    Schema::object([
        field("legalPersonName", text(100, "The name.", "A Company")),
        field("legalPersonNameIdentifierType", kind.example("LEGL")),
    ])
    .refusable()
    .named("LegalPersonName")
}

fn address() -> Schema {
    let kind = Schema::choice(AddressType::ALL.iter().map(|kind| kind.as_str()))
        .about("Home, business, unspecified.")
        .example("HOME");
    let lines = Schema::list(Schema::text(70)).with("maxItems", 7);
    Schema::object([
        field("addressType", kind),
        optional("department", text(50, "Department of an organisation.", "Treasury")),
        optional("subDepartment", text(70, "Part of the department.", "Custody")),
        optional("streetName", text(70, "Street.", "Main Street")),
        optional("buildingNumber", text(16, "Number of the building.", "12")),
        optional("buildingName", text(35, "Name of the building.", "Harbour House")),
        optional("floor", text(70, "Floor.", "3")),
        optional("postBox", text(16, "Post box.", "1042")),
        optional("room", text(70, "Room.", "301")),
        optional("postcode", text(16, "Postcode.", "LS1 4AP")),
        optional("townName", text(35, "Town.", "Leeds")),
        optional("townLocationName", text(35, "Part of the town.", "Holbeck")),
        optional("districtName", text(35, "District.", "West Yorkshire")),
        optional("countrySubDivision", text(35, "State, province, canton.", "England")),
        optional(
            "addressLine",
            lines.about("The address in lines.").example(json!(["12 Main Street", "LS1 4AP Leeds"])),
        ),
        field("country", country("Country of the address.")),
    ])
    .refusable()
    .about("A postal address: lines, or a street with a building.")
    .named("Address")
}

fn identification() -> Schema {
    let kind = Schema::choice(NationalIdentifierType::ALL.iter().map(|kind| kind.as_str())).about("Alien registration, passport, registration authority, driving licence, foreign investor, tax, social security, identity card, LEI, other.");
    let authority = text(8, "The registry: `RA` and six digits. Not with `LEIX`.", "RA000589");
    Schema::object([
        field("nationalIdentifier", text(35, "The identifier.", "AAAAAAAAAAAAAAAAAA06")),
        field("nationalIdentifierType", kind.example("LEIX")),
        optional("countryOfIssue", country("Who issued it.")),
        optional("registrationAuthority", authority),
    ])
    .refusable()
    .about("What a state or a registry gave to tell the person apart.")
    .named("NationalIdentification")
}

fn birth() -> Schema {
    Schema::object([
        field("dateOfBirth", day("Day of birth.", "1984-09-30")),
        field("placeOfBirth", text(70, "Place of birth.", "Leeds")),
    ])
    .refusable()
    .about("When and where the person was born.")
    .named("Birth")
}

fn text(max: usize, about: &'static str, example: &'static str) -> Schema {
    Schema::text(max).about(about).example(example)
}

fn day(about: &'static str, example: &'static str) -> Schema {
    Schema::of("string").with("format", "date").about(about).example(example)
}

fn country(about: &'static str) -> Schema {
    let about = format!("{about} ISO 3166-1 alpha-2, or `XX` when unknown.");
    Schema::of("string").pattern("^[A-Za-z]{2}$").about(about).example("GB")
}

/// A natural person with a legal name, for examples.
pub fn example_person(primary: &str, secondary: &str) -> Value {
    let name = json!({ "primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL" });
    json!({ "naturalPerson": { "name": { "nameIdentifier": [name] } } })
}

/// Both parties, for examples. More than the name is known of who sends, as the standard wants it.
pub fn example_parties() -> Value {
    let mut originator = example_person("Barnes", "Robert");
    originator["naturalPerson"]["dateAndPlaceOfBirth"] =
        json!({ "dateOfBirth": "1984-09-30", "placeOfBirth": "Leeds" });
    json!({
        "originator": {
            "originatorPersons": [originator], "accountNumber": ["0x61c5d1cd7d5ff8bd93a5b1b6a1f4c0d6e7b8a90f"]
        },
        "beneficiary": {
            "beneficiaryPersons": [example_person("Taylor", "Robbins")], "accountNumber": [EXAMPLE_ADDRESS]
        }
    })
}

/// Both parties and both VASPs, for examples.
pub fn example_parties_and_vasps() -> Value {
    let mut all = example_parties();
    all["originatingVASP"] = json!({ "originatingVASP": example_company("Our VASP Ltd") });
    all["beneficiaryVASP"] = json!({ "beneficiaryVASP": example_company("Robot VASP Ltd") });
    all
}

/// A legal person, for examples.
pub fn example_company(name: &str) -> Value {
    let name = json!({ "legalPersonName": name, "legalPersonNameIdentifierType": "LEGL" });
    json!({ "legalPerson": { "name": { "nameIdentifier": [name] } } })
}

//! How a document is written: which edition it follows, and which habits its program has.

use waybill_domain::text_enum;

use crate::keys::Key;
use crate::profile::Profile;

text_enum! {
    /// What a document looks like it was written after.
    pub enum Dialect {
        /// The VerifyVASP profile: the names of 2020, its own additions, or an account without a person.
        VerifyVasp = "VERIFYVASP",
        /// IVMS101 issue 1, May 2020.
        Ivms2020 = "2020",
        /// IVMS101.2023.
        Ivms2023 = "2023",
        /// Names of both editions.
        Mixed = "MIXED",
        /// Nothing in it tells the editions apart.
        Unclear = "UNCLEAR",
    }
}

text_enum! {
    /// Something about the way in which a document is written.
    pub enum Habit {
        /// `payloadVersion` names the edition of 2020.
        SaysIvms2020 = "SAYS-2020",
        /// `payloadVersion` names the edition of 2023.
        SaysIvms2023 = "SAYS-2023",
        /// `originatorPersons`, `beneficiaryPersons`.
        PersonsOf2020 = "PERSONS-2020",
        /// `originatorPerson`, `beneficiaryPerson`.
        PersonsOf2023 = "PERSONS-2023",
        /// `persons`.
        PlainPersons = "PLAIN-PERSONS",
        /// `naturalPersonNameIdentifierType`.
        NameTypeOf2023 = "NAME-TYPE-2023",
        /// `nameIdentifierType`. Examples of 2023 print it too.
        NameTypeOf2020 = "NAME-TYPE-2020",
        /// Account numbers on the originator or beneficiary.
        AccountsOfParty = "ACCOUNTS-OF-PARTY",
        /// Account numbers on a person.
        AccountsOfPerson = "ACCOUNTS-OF-PERSON",
        /// Account numbers without any person.
        AccountAlone = "ACCOUNT-ALONE",
        /// `nationality`, `dateOfIncorporation`.
        Extensions = "EXTENSIONS",
        /// `customerNumber`.
        CustomerNumber = "CUSTOMER-NUMBER",
        /// `postCode`.
        PostCode = "POST-CODE",
        /// `nationalIdentifier` in place of `nationalIdentification`.
        NationalIdentifierObject = "NATIONAL-IDENTIFIER-OBJECT",
        /// A VASP without the second wrapping.
        FlatVasp = "FLAT-VASP",
        /// A list of one without its brackets.
        BareEntry = "BARE-ENTRY",
        /// A list of one where one object belongs.
        ListedObject = "LISTED-OBJECT",
        /// `snake_case`.
        SnakeCase = "SNAKE-CASE",
        /// Names that begin with a capital letter.
        Capitals = "CAPITALS",
        /// Names in some other case.
        OtherCase = "OTHER-CASE",
        /// Codes with the name of their list in front.
        PrefixedCodes = "PREFIXED-CODES",
        /// `GEO`.
        GeoMisprint = "GEO-MISPRINT",
        /// `dataAndPlaceOfBirth`.
        BirthMisprint = "BIRTH-MISPRINT",
        /// Numbers written as text.
        TextNumbers = "TEXT-NUMBERS",
        /// The document stands inside another one.
        Wrapped = "WRAPPED",
    }
}

impl Habit {
    /// True for what the edition of a profile does not have. The profile in use takes everything.
    pub(super) const fn is_foreign_to(self, profile: Profile) -> bool {
        match self {
            Self::PersonsOf2020 | Self::AccountsOfParty | Self::CustomerNumber => {
                matches!(profile, Profile::Ivms2023)
            }
            Self::PersonsOf2023 | Self::NameTypeOf2023 | Self::AccountsOfPerson => {
                matches!(profile, Profile::Ivms2020)
            }
            // `payloadVersion` has a rule of its own; the examples of 2023 print the name type of 2020; both spellings
            // of the postal code are in the standard.
            Self::SaysIvms2020
            | Self::SaysIvms2023
            | Self::NameTypeOf2020
            | Self::PostCode
            | Self::Wrapped => false,
            Self::PlainPersons
            | Self::AccountAlone
            | Self::Extensions
            | Self::NationalIdentifierObject
            | Self::FlatVasp
            | Self::BareEntry
            | Self::ListedObject
            | Self::SnakeCase
            | Self::Capitals
            | Self::OtherCase
            | Self::PrefixedCodes
            | Self::GeoMisprint
            | Self::BirthMisprint
            | Self::TextNumbers => profile.is_standard(),
        }
    }

    /// A few words for people.
    pub const fn text(self) -> &'static str {
        match self {
            Self::SaysIvms2020 => "says of itself that it follows IVMS101 (2020)",
            Self::SaysIvms2023 => "says of itself that it follows IVMS101.2023",
            Self::PersonsOf2020 => "`originatorPersons`/`beneficiaryPersons`, as in 2020",
            Self::PersonsOf2023 => "`originatorPerson`/`beneficiaryPerson`, as in 2023",
            Self::PlainPersons => "`persons`, as the DEFY interface has it",
            Self::NameTypeOf2023 => "`naturalPersonNameIdentifierType`, as in 2023",
            Self::NameTypeOf2020 => "`nameIdentifierType`, as in 2020",
            Self::AccountsOfParty => "account numbers for each side, as in 2020",
            Self::AccountsOfPerson => "account numbers for each person, as in 2023",
            Self::AccountAlone => "an account number without a person, as in a VerifyVASP address check",
            Self::Extensions => "`nationality` or `dateOfIncorporation`, additions of VerifyVASP",
            Self::CustomerNumber => "`customerNumber`, as in 2020 and TRISA",
            Self::PostCode => "`postCode`, as TRISA, DEFY and CodeVASP write it",
            Self::NationalIdentifierObject => "`nationalIdentifier` for the whole identification, as in DEFY",
            Self::FlatVasp => "VASPs without the second wrapping, as in GTR and Notabene",
            Self::BareEntry => "lists of one without brackets",
            Self::ListedObject => "a list where one object belongs",
            Self::SnakeCase => "field names in snake_case, as TRISA writes them",
            Self::Capitals => "field names that begin with a capital, as CodeVASP and Zodia write them",
            Self::OtherCase => "field names in unusual case",
            Self::PrefixedCodes => "codes with the name of their list in front, as TRISA writes them",
            Self::GeoMisprint => "the address type `GEO`, a misprint of `GEOG`",
            Self::BirthMisprint => "the field `dataAndPlaceOfBirth`, a misprint",
            Self::TextNumbers => "numbers written as text",
            Self::Wrapped => "the document stands inside another one",
        }
    }
}

/// The habits that were seen.
#[derive(Clone, Copy, Default)]
pub(super) struct Habits(u32);

impl Habits {
    pub(super) fn saw(&mut self, habit: Habit) {
        self.0 |= 1 << habit as u32;
    }

    pub(super) fn saw_if(&mut self, seen: bool, habit: Habit) {
        if seen {
            self.saw(habit);
        }
    }

    fn has(self, habit: Habit) -> bool {
        self.0 & (1 << habit as u32) != 0
    }

    /// Notes how a field is spelt: `given` is what stands there, `spelling` the one of the key that it equals but for
    /// case and underscores.
    pub(super) fn saw_name(&mut self, key: &Key, spelling: &'static str, given: &str) {
        let exact = key.spellings().find(|known| *known == given);
        match exact.unwrap_or(spelling) {
            "originatorPersons" | "beneficiaryPersons" => self.saw(Habit::PersonsOf2020),
            "originatorPerson" | "beneficiaryPerson" => self.saw(Habit::PersonsOf2023),
            "persons" => self.saw(Habit::PlainPersons),
            "nameIdentifierType" => self.saw(Habit::NameTypeOf2020),
            "naturalPersonNameIdentifierType" => self.saw(Habit::NameTypeOf2023),
            "nationality" | "dateOfIncorporation" => self.saw(Habit::Extensions),
            "customerNumber" => self.saw(Habit::CustomerNumber),
            "dataAndPlaceOfBirth" => self.saw(Habit::BirthMisprint),
            "postCode" => self.saw(Habit::PostCode),
            "nationalIdentifier" if key.name != "nationalIdentifier" => {
                self.saw(Habit::NationalIdentifierObject);
            }
            _ => {}
        }
        if exact.is_none() {
            self.saw(match given {
                snake if snake.contains('_') => Habit::SnakeCase,
                capital if capital.starts_with(|first: char| first.is_ascii_uppercase()) => Habit::Capitals,
                _ => Habit::OtherCase,
            });
        }
    }

    pub(super) fn all(self) -> Vec<Habit> {
        Habit::ALL.iter().copied().filter(|habit| self.has(*habit)).collect()
    }

    /// What a document says of itself counts before its field names, and these before what both editions share.
    pub(super) fn dialect(self) -> Dialect {
        let any = |habits: &[Habit]| habits.iter().any(|habit| self.has(*habit));
        let of_2023 = any(&[Habit::PersonsOf2023, Habit::NameTypeOf2023, Habit::AccountsOfPerson]);
        let of_2020 = any(&[Habit::PersonsOf2020, Habit::AccountsOfParty, Habit::CustomerNumber]);
        let of_profile = any(&[Habit::Extensions, Habit::AccountAlone]);
        match (any(&[Habit::SaysIvms2020]), any(&[Habit::SaysIvms2023])) {
            (true, _) => Dialect::Ivms2020,
            (_, true) => Dialect::Ivms2023,
            _ if of_2020 && of_2023 => Dialect::Mixed,
            _ if of_2023 => Dialect::Ivms2023,
            _ if of_profile => Dialect::VerifyVasp,
            _ if of_2020 || self.has(Habit::NameTypeOf2020) => Dialect::Ivms2020,
            _ => Dialect::Unclear,
        }
    }
}

//! The names of all fields: as the VerifyVASP profile writes them, and as they are read besides.

/// A field name.
pub(crate) struct Key {
    /// As it is written, and as paths name it.
    pub(crate) name: &'static str,
    /// Spellings of IVMS101.2023, of other dialects, and known misprints; read and never written. Case and underscores
    /// do not count when a name is read, so variants in these alone are not listed, but for those worth a remark.
    pub(crate) aliases: &'static [&'static str],
}

impl Key {
    /// Every spelling that is read, the preferred one first.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

macro_rules! keys {
    ($($key:ident = $name:literal $(| $alias:literal)*;)+) => {
        $(pub(crate) const $key: Key = Key { name: $name, aliases: &[$($alias),*] };)+

        /// Every spelling of the field that is called `name` here; of another field only its name.
        pub(crate) fn spellings(name: &str) -> impl Iterator<Item = &str> {
            let aliases: &[&str] = match name {
                $($name => $key.aliases,)+
                _ => &[],
            };
            std::iter::once(name).chain(aliases.iter().copied())
        }

        /// Names in document order: a field stands before its later siblings.
        const ORDER: &[&str] = &[$($name),+];
    };
}

keys! {
    ORIGINATOR = "originator";
    BENEFICIARY = "beneficiary";
    ORIGINATING_VASP = "originatingVASP";
    BENEFICIARY_VASP = "beneficiaryVASP";
    TRANSFER_PATH = "transferPath";
    PAYLOAD_METADATA = "payloadMetadata";
    ORIGINATOR_PERSONS = "originatorPersons" | "originatorPerson" | "persons";
    BENEFICIARY_PERSONS = "beneficiaryPersons" | "beneficiaryPerson" | "persons";
    LEGAL_PERSON = "legalPerson";
    NATURAL_PERSON = "naturalPerson";
    ACCOUNT_NUMBER = "accountNumber" | "accountNumbers";
    NAME = "name";
    NAME_IDENTIFIER = "nameIdentifier" | "nameIdentifiers";
    LOCAL_NAME_IDENTIFIER = "localNameIdentifier" | "localNameIdentifiers";
    PHONETIC_NAME_IDENTIFIER = "phoneticNameIdentifier" | "phoneticNameIdentifiers";
    PRIMARY_IDENTIFIER = "primaryIdentifier";
    SECONDARY_IDENTIFIER = "secondaryIdentifier";
    NAME_IDENTIFIER_TYPE = "nameIdentifierType" | "naturalPersonNameIdentifierType";
    LEGAL_PERSON_NAME = "legalPersonName";
    LEGAL_PERSON_NAME_IDENTIFIER_TYPE = "legalPersonNameIdentifierType";
    GEOGRAPHIC_ADDRESS = "geographicAddress" | "geographicAddresses" | "address" | "addresses";
    ADDRESS_TYPE = "addressType";
    DEPARTMENT = "department";
    SUB_DEPARTMENT = "subDepartment";
    STREET_NAME = "streetName";
    BUILDING_NUMBER = "buildingNumber";
    BUILDING_NAME = "buildingName";
    FLOOR = "floor";
    POST_BOX = "postBox";
    ROOM = "room";
    POSTCODE = "postcode" | "postCode";
    TOWN_NAME = "townName";
    TOWN_LOCATION_NAME = "townLocationName";
    DISTRICT_NAME = "districtName";
    COUNTRY_SUB_DIVISION = "countrySubDivision";
    ADDRESS_LINE = "addressLine" | "addressLines";
    COUNTRY = "country";
    NATIONAL_IDENTIFICATION = "nationalIdentification" | "nationalIdentifier";
    NATIONAL_IDENTIFIER = "nationalIdentifier";
    NATIONAL_IDENTIFIER_TYPE = "nationalIdentifierType";
    COUNTRY_OF_ISSUE = "countryOfIssue";
    REGISTRATION_AUTHORITY = "registrationAuthority";
    CUSTOMER_IDENTIFICATION = "customerIdentification" | "customerNumber";
    DATE_AND_PLACE_OF_BIRTH = "dateAndPlaceOfBirth" | "dataAndPlaceOfBirth" | "dob";
    DATE_OF_BIRTH = "dateOfBirth" | "dob";
    PLACE_OF_BIRTH = "placeOfBirth";
    COUNTRY_OF_RESIDENCE = "countryOfResidence";
    NATIONALITY = "nationality";
    COUNTRY_OF_REGISTRATION = "countryOfRegistration";
    DATE_OF_INCORPORATION = "dateOfIncorporation";
    INTERMEDIARY_VASP = "intermediaryVASP";
    SEQUENCE = "sequence";
    TRANSLITERATION_METHOD = "transliterationMethod" | "transliterationMethods";
    PAYLOAD_VERSION = "payloadVersion";
}

/// Where a field stands among its siblings; unknown names come last.
pub(crate) fn place(name: &str) -> usize {
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_means_two_fields() {
        for (at, name) in ORDER.iter().enumerate() {
            assert_eq!(place(name), at, "{name} stands twice");
        }
        assert_eq!(POSTCODE.spellings().collect::<Vec<_>>(), ["postcode", "postCode"]);
    }

    #[test]
    fn persons_stand_before_accounts() {
        assert!(place("originatorPersons") < place("accountNumber"));
        assert!(place("somethingElse") > place("dateOfIncorporation"));
    }
}

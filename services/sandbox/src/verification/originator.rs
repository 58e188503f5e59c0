//! What must be known of the originator, and whether it stands on a list.

use serde_json::Value;
use waybill_domain::InfoCode;

use crate::customers::{legal_names, natural_names};
use crate::fields::{each, find};

/// Name and birth date of the one person whom both backends have on their list.
pub(crate) const BLACKLISTED_ORIGINATOR: (&str, &str, &str) = ("Morgan", "Blackwood", "1966-06-06");

/// Codes of what is missing: a natural person's name and birth date, a company's name and representative.
pub(super) fn missing(originator: &Value) -> Vec<InfoCode> {
    let people = natural_persons(originator);
    let companies: Vec<&Value> = each(originator, "originatorPersons")
        .filter(|person| find(person, "legalPerson").is_some())
        .collect();
    let is_named = people.iter().any(|person| !natural_names(person).is_empty());
    let needs = if companies.is_empty() {
        let is_born = people.iter().any(|person| birth_date(person).is_some());
        [(InfoCode::NaturalPersonName, is_named), (InfoCode::NaturalPersonDateAndPlaceOfBirth, is_born)]
    } else {
        let is_company_named = companies.iter().any(|company| !legal_names(company).is_empty());
        [(InfoCode::LegalPersonName, is_company_named), (InfoCode::CorporateRepresentativeName, is_named)]
    };
    needs.into_iter().filter(|(_, is_there)| !is_there).map(|(code, _)| code).collect()
}

/// Whether any natural person among the originators is the one on the list.
pub(super) fn is_blacklisted(originator: &Value) -> bool {
    let (primary, secondary, born) = BLACKLISTED_ORIGINATOR;
    let listed = format!("{primary} {secondary}").to_lowercase();
    natural_persons(originator)
        .iter()
        .any(|person| natural_names(person).contains(&listed) && birth_date(person) == Some(born))
}

fn natural_persons(originator: &Value) -> Vec<&Value> {
    each(originator, "originatorPersons").filter(|person| find(person, "naturalPerson").is_some()).collect()
}

fn birth_date(person: &Value) -> Option<&str> {
    let date = find(person, "naturalPerson.dateAndPlaceOfBirth.dateOfBirth")?.as_str()?;
    Some(date).filter(|date| !date.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_needs_name_and_birth_date() {
        let name = json!({"nameIdentifier": [{"primaryIdentifier": "Doe", "nameIdentifierType": "LEGL"}]});
        let born = json!({"dateOfBirth": "1980-01-01"});
        let missing = |person: Value| missing(&json!({"originatorPersons": [{"naturalPerson": person}]}));
        assert!(missing(json!({"name": name, "dateAndPlaceOfBirth": born})).is_empty());
        assert_eq!(missing(json!({"name": name})), [InfoCode::NaturalPersonDateAndPlaceOfBirth]);
        assert_eq!(missing(json!({"dateAndPlaceOfBirth": born})), [InfoCode::NaturalPersonName]);
        assert_eq!(missing(json!({})).len(), 2);
        assert_eq!(super::missing(&json!({})).len(), 2);
    }

    #[test]
    fn a_company_needs_a_representative() {
        let company = json!({"legalPerson": {"name": {"nameIdentifier": [{"legalPersonName": "X Ltd"}]}}});
        let originator = json!({"originatorPersons": [company]});
        assert_eq!(missing(&originator), [InfoCode::CorporateRepresentativeName]);
    }
}

//! Whether the names in a request are those of a customer.

use serde_json::Value;

use super::customer::{Company, Customer, Person};
use crate::fields::{each, find};

/// The first holder whose names the persons of a request carry. Letters in either case, spaces as they come, legal
/// name or alias. For a company its own name must be right, and that of at least one representative if any is given.
pub(crate) fn matching(holders: &'static [Customer], persons: &[&Value]) -> Option<Customer> {
    let natural: Vec<String> = persons.iter().flat_map(|person| natural_names(person)).collect();
    let legal: Vec<String> = persons.iter().flat_map(|person| legal_names(person)).collect();
    let has_company = persons.iter().any(|person| find(person, "legalPerson").is_some());
    holders.iter().copied().find(|holder| match holder {
        Customer::Natural(person) => !has_company && is_called(person, &natural),
        Customer::Legal(company) => {
            let represented = persons.iter().any(|person| find(person, "naturalPerson").is_some());
            let known = || company.representatives.iter().any(|person| is_called(person, &natural));
            is_company(company, &legal) && (!represented || known())
        }
    })
}

/// The names of a natural person in a request, normalised.
pub(crate) fn natural_names(person: &Value) -> Vec<String> {
    identifiers(person, "naturalPerson", "nameIdentifierType")
        .filter_map(|name| {
            let primary = find(name, "primaryIdentifier")?.as_str()?;
            let secondary = find(name, "secondaryIdentifier").and_then(Value::as_str).unwrap_or_default();
            Some(normalised(&format!("{primary} {secondary}")))
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// The names of a legal person in a request, normalised.
pub(crate) fn legal_names(person: &Value) -> Vec<String> {
    identifiers(person, "legalPerson", "legalPersonNameIdentifierType")
        .filter_map(|name| Some(normalised(find(name, "legalPersonName")?.as_str()?)))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Legal and alias names; one without a type counts as legal.
fn identifiers<'a>(person: &'a Value, kind: &str, type_key: &str) -> impl Iterator<Item = &'a Value> {
    let names = find(person, kind).into_iter().flat_map(|person| each(person, "name"));
    names.flat_map(|name| each(name, "nameIdentifier")).filter(move |identifier| {
        let name_type = find(identifier, type_key).and_then(Value::as_str).unwrap_or("LEGL");
        ["LEGL", "ALIA", "SHRT", "TRAD"].contains(&name_type)
    })
}

fn is_called(person: &Person, names: &[String]) -> bool {
    let known = [Some(person.legal_name), person.alias];
    let mut known = known.iter().flatten().map(|(first, second)| normalised(&format!("{first} {second}")));
    known.any(|known| names.contains(&known))
}

fn is_company(company: &Company, names: &[String]) -> bool {
    let known = [Some(company.legal_name), company.trading_name];
    known.iter().flatten().any(|known| names.contains(&normalised(known)))
}

fn normalised(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::book_of;
    use crate::options::CustomerSet;
    use serde_json::json;

    fn natural(primary: &str, secondary: &str, kind: &str) -> Value {
        json!({"naturalPerson": {"name": {"nameIdentifier": [
            {"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": kind}]}}})
    }

    fn legal(name: &str) -> Value {
        json!({"legalPerson": {"name": {"nameIdentifier": [
            {"legalPersonName": name, "legalPersonNameIdentifierType": "LEGL"}]}}})
    }

    fn is_known(persons: &[Value]) -> bool {
        let persons: Vec<&Value> = persons.iter().collect();
        matching(book_of(CustomerSet::Robot).accounts[0].holders, &persons).is_some()
    }

    #[test]
    fn people_are_known_by_any_of_their_names() {
        assert!(is_known(&[natural("Taylor", "Robbins", "LEGL")]));
        assert!(is_known(&[natural("  TAYLOR ", "robbins", "LEGL")]));
        assert!(is_known(&[natural("Taylor  Robbins", "", "LEGL")]));
        assert!(is_known(&[natural("Tay", "Robbins", "ALIA")]));
        assert!(!is_known(&[natural("Taylor", "Robbins", "MAID")]));
        assert!(!is_known(&[natural("Robbins", "Taylor", "LEGL")]));
        assert!(!is_known(&[natural("", "", "LEGL")]));
        assert!(!is_known(&[]));
    }

    #[test]
    fn one_representative_suffices_for_a_company() {
        let (taylor, sam) = (natural("Taylor", "Robbins", "LEGL"), natural("Sam", "Doe", "LEGL"));
        assert!(is_known(&[legal("a  company")]));
        assert!(is_known(&[legal("A Company"), taylor.clone()]));
        assert!(is_known(&[legal("A Company"), sam.clone(), taylor.clone()]));
        assert!(!is_known(&[legal("A Company"), sam]));
        assert!(!is_known(&[legal("B Company"), taylor]));
    }
}

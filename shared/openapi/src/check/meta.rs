//! Whether a document is OpenAPI 3.1.

use serde_json::{Map, Value};

use super::Difference;

/// The OpenAPI Initiative's schema of 3.1 documents (2022-10-07, Apache-2.0). It leaves schema objects to JSON Schema.
const OPENAPI: &str = include_str!("openapi-3.1-schema.json");

/// Compares a document with the schema of OpenAPI 3.1, its schema objects with that of JSON Schema 2020-12, and sees that
/// every example fits its schema and every reference leads somewhere.
///
/// # Errors
/// The first difference.
pub fn check_document(document: &Value) -> Result<(), Difference> {
    let openapi: Value = serde_json::from_str(OPENAPI).map_err(|error| error.to_string())?;
    let faults = jsonschema::validator_for(&openapi).map_err(|error| error.to_string())?;
    if let Some(error) = faults.iter_errors(document).next() {
        return Err(format!("{}: {error}", error.instance_path()));
    }
    check_below(document, document, "")
}

fn check_below(value: &Value, document: &Value, place: &str) -> Result<(), Difference> {
    match value {
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .try_for_each(|(at, entry)| check_below(entry, document, &format!("{place}/{at}"))),
        Value::Object(map) => {
            check_reference(map, document, place)?;
            check_schemas(map, document, place)?;
            map.iter()
                .filter(|(key, _)| !["examples", "value"].contains(&key.as_str()))
                .try_for_each(|(key, value)| check_below(value, document, &format!("{place}/{key}")))
        }
        _ => Ok(()),
    }
}

fn check_reference(map: &Map<String, Value>, document: &Value, place: &str) -> Result<(), Difference> {
    let Some(to) = map.get("$ref").and_then(Value::as_str) else { return Ok(()) };
    let found = to.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    found.map(|_| ()).ok_or_else(|| format!("{place}: {to} leads nowhere"))
}

/// Media types and parameters have a schema and whole examples; schemas have examples of themselves.
fn check_schemas(map: &Map<String, Value>, document: &Value, place: &str) -> Result<(), Difference> {
    if let Some(schema) = map.get("schema") {
        let named = map.get("examples").and_then(Value::as_object).into_iter().flatten();
        let values: Vec<&Value> = named.filter_map(|(_, example)| example.get("value")).collect();
        check_examples(schema, &values, document, place)?;
    }
    let of_itself: Vec<&Value> =
        map.get("examples").and_then(Value::as_array).into_iter().flatten().collect();
    if of_itself.is_empty() {
        Ok(())
    } else {
        check_examples(&Value::Object(map.clone()), &of_itself, document, place)
    }
}

fn check_examples(
    schema: &Value,
    examples: &[&Value],
    document: &Value,
    place: &str,
) -> Result<(), Difference> {
    jsonschema::meta::validate(schema).map_err(|error| format!("{place}: {error}"))?;
    let mut root = schema.as_object().cloned().unwrap_or_default();
    root.insert("components".to_owned(), document["components"].clone());
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&Value::Object(root))
        .map_err(|error| format!("{place}: {error}"))?;
    for example in examples {
        validator.validate(example).map_err(|error| format!("{place}: its example: {error}"))?;
    }
    Ok(())
}

//! One operation of a document.

use serde_json::{Map, Value};

use super::Difference;

/// An operation, in the document that it is part of.
pub(super) struct Described<'d> {
    pub(super) operation: &'d Value,
    pub(super) document: &'d Value,
}

impl Described<'_> {
    pub(super) fn request(&self, body: &Value) -> Result<(), Difference> {
        let schema = &self.operation["requestBody"]["content"]["application/json"]["schema"];
        self.validate(schema, body)
    }

    pub(super) fn answer(&self, status: u16, body: &Value) -> Result<(), Difference> {
        let responses = &self.operation["responses"];
        let class = format!("{}XX", status / 100);
        let found =
            [status.to_string(), class, "default".to_owned()].into_iter().find_map(|key| responses.get(key));
        let content =
            &found.ok_or_else(|| format!("status {status} is not described"))?["content"]["application/json"];
        let Some(schema) = content.get("schema") else { return self.refused_for_a_field(status, body) };
        self.validate(schema, body)?;
        if status < 400 || content["examples"].get(body["code"].as_str().unwrap_or_default()).is_some() {
            return Ok(());
        }
        self.refused_for_a_field(status, body)
    }

    /// `MISSING-X` and `INVALID-X` stand beside the fields of the request.
    fn refused_for_a_field(&self, status: u16, body: &Value) -> Result<(), Difference> {
        let mut codes = Vec::new();
        self.collect(self.operation, &mut codes, &mut Vec::new());
        let code = &body["code"];
        match status == 400 && codes.contains(&code) {
            true => Ok(()),
            false => Err(format!("{status} {code} is not described")),
        }
    }

    fn collect<'v>(&'v self, value: &'v Value, codes: &mut Vec<&'v Value>, seen: &mut Vec<&'v str>) {
        match value {
            Value::Array(entries) => entries.iter().for_each(|entry| self.collect(entry, codes, seen)),
            Value::Object(map) => {
                codes.extend(map.get("x-refusals").and_then(Value::as_array).into_iter().flatten());
                if let Some(named) = map.get("$ref").and_then(Value::as_str)
                    && !seen.contains(&named)
                {
                    seen.push(named);
                    let target = self.document.pointer(named.trim_start_matches('#'));
                    self.collect(target.unwrap_or(&Value::Null), codes, seen);
                }
                map.iter()
                    .filter(|(key, _)| *key != "responses")
                    .for_each(|(_, value)| self.collect(value, codes, seen));
            }
            _ => {}
        }
    }

    fn validate(&self, schema: &Value, value: &Value) -> Result<(), Difference> {
        let mut root: Map<String, Value> = schema.as_object().ok_or("nothing is described")?.clone();
        root.insert("components".to_owned(), self.document["components"].clone());
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&Value::Object(root))
            .map_err(|error| error.to_string())?;
        let faults: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
    }
}

//! What a value looks like: JSON Schema 2020-12, as OpenAPI 3.1 uses it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use waybill_domain::Fault;

/// What [`waybill_domain::limits::fits`] takes.
const NO_CONTROL: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

/// Schemas that stand under their own name in the document.
pub(crate) type Named = BTreeMap<&'static str, Value>;

/// What a value looks like, and the named schemas that it leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    json: Map<String, Value>,
    named: Named,
}

/// A field of an object.
#[derive(Debug, Clone)]
pub struct Field {
    name: &'static str,
    schema: Schema,
    always: bool,
}

/// A field that is always there: mandatory in a request, never left out of an answer.
pub fn field(name: &'static str, schema: Schema) -> Field {
    Field { name, schema, always: true }
}

/// A field that may be absent.
pub fn optional(name: &'static str, schema: Schema) -> Field {
    Field { name, schema, always: false }
}

impl Schema {
    /// A value of a JSON type.
    pub fn of(json_type: &'static str) -> Self {
        Self::default().with("type", json_type)
    }

    /// A text of 1 to `max` characters, none of which is a control character.
    pub fn text(max: usize) -> Self {
        Self::of("string").with("minLength", 1).with("maxLength", max).pattern(NO_CONTROL)
    }

    /// A text that is one of these.
    pub fn choice(values: impl IntoIterator<Item = &'static str>) -> Self {
        Self::of("string").with("enum", values.into_iter().collect::<Vec<_>>())
    }

    /// A whole number.
    pub fn number(min: u32, max: u32) -> Self {
        Self::of("integer").with("minimum", min).with("maximum", max)
    }

    /// A list of values of one kind.
    pub fn list(items: Schema) -> Self {
        let Self { json, named } = items;
        Self { named, ..Self::of("array").with("items", json) }
    }

    /// An object.
    pub fn object(fields: impl IntoIterator<Item = Field>) -> Self {
        let mut object = Self::of("object");
        let (mut required, mut properties) = (Vec::new(), Map::new());
        for Field { name, schema, always } in fields {
            if always {
                required.push(name);
            }
            properties.insert(name.to_owned(), Value::Object(schema.json));
            object.named.extend(schema.named);
        }
        object.with("required", required).with("properties", properties)
    }

    /// A value of one of several kinds.
    pub fn one_of(kinds: impl IntoIterator<Item = Schema>) -> Self {
        let (mut one_of, mut named) = (Vec::new(), Named::new());
        for kind in kinds {
            one_of.push(kind.json);
            named.extend(kind.named);
        }
        Self { named, ..Self::default() }.with("oneOf", one_of)
    }

    /// Gives it a name of its own in the document, and refers to it by that.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        let Self { json, mut named } = self;
        named.insert(name, Value::Object(json));
        Self { named, ..Self::default().with("$ref", format!("#/components/schemas/{name}")) }
    }

    /// What it means.
    #[must_use]
    pub fn about(self, text: impl Into<String>) -> Self {
        self.with("description", text.into())
    }

    /// One value that it may have.
    #[must_use]
    pub fn example(self, value: impl Into<Value>) -> Self {
        self.with("examples", vec![value.into()])
    }

    /// A regular expression that it matches.
    #[must_use]
    pub fn pattern(self, pattern: &'static str) -> Self {
        self.with("pattern", pattern)
    }

    /// Any other keyword of JSON Schema.
    #[must_use]
    pub fn with(mut self, keyword: &'static str, value: impl Into<Value>) -> Self {
        self.json.insert(keyword.to_owned(), value.into());
        self
    }

    /// May be `null` besides.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        if let Some(Value::Array(values)) = self.json.get_mut("enum") {
            values.push(Value::Null);
        }
        if let Some(json_type) = self.json.get("type").cloned() {
            return self.with("type", json!([json_type, "null"]));
        }
        let about = self.json.shift_remove("description");
        let kinds = json!([Value::Object(self.json), { "type": "null" }]);
        Self { named: self.named, ..Self::default() }.with("anyOf", kinds).with_some("description", about)
    }

    /// May be `null` or empty besides: a text of a request that counts as absent then.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        self.with("minLength", 0).nullable()
    }

    /// Adds to each field of an object in a request the codes with which it is refused: `x-refusals`.
    ///
    /// The fields of named schemas are left as they are: whoever names them marks them.
    #[must_use]
    pub fn refusable(mut self) -> Self {
        mark(&mut self.json);
        self
    }

    fn with_some(self, keyword: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(keyword, value),
            None => self,
        }
    }

    pub(crate) fn into_parts(self) -> (Value, Named) {
        (Value::Object(self.json), self.named)
    }
}

fn mark(object: &mut Map<String, Value>) {
    let required: Vec<String> = object.get("required").into_iter().flat_map(texts).collect();
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    for (name, property) in properties {
        let Value::Object(property) = property else { continue };
        let missing = required.contains(name).then(|| Fault::missing(name).code);
        let codes: Vec<Value> =
            missing.into_iter().chain([Fault::invalid(name).code]).map(|code| Value::from(&*code)).collect();
        property.insert("x-refusals".to_owned(), Value::Array(codes));
        mark(property);
    }
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_say_which_fields_are_always_there() {
        let schema = Schema::object([field("symbol", Schema::text(16)), optional("vout", Schema::text(8))]);
        let (json, _) = schema.into_parts();
        assert_eq!(json["required"], json!(["symbol"]));
        let vout = json!({"type": "string", "minLength": 1, "maxLength": 8, "pattern": NO_CONTROL});
        assert_eq!(json["properties"]["vout"], vout);
    }

    #[test]
    fn names_are_collected_from_below() {
        let inner = Schema::object([field("b", Schema::of("boolean").named("Flag"))]).named("Inner");
        let (json, named) = Schema::list(inner).into_parts();
        assert_eq!(json["items"]["$ref"], "#/components/schemas/Inner");
        assert_eq!(named.keys().copied().collect::<Vec<_>>(), ["Flag", "Inner"]);
        assert_eq!(named["Flag"], json!({"type": "boolean"}));
    }

    #[test]
    fn null_is_one_more_type_value_or_kind() {
        assert_eq!(Schema::text(3).nullable().into_parts().0["type"], json!(["string", "null"]));
        let choice = Schema::choice(["A"]).nullable().into_parts().0;
        assert_eq!(choice, json!({"type": ["string", "null"], "enum": ["A", null]}));
        let (named, names) = Schema::text(3).named("Short").about("It.").nullable().into_parts();
        let kinds = json!([{"$ref": "#/components/schemas/Short"}, {"type": "null"}]);
        assert_eq!(named, json!({"anyOf": kinds, "description": "It."}));
        assert!(names.contains_key("Short"));
    }

    #[test]
    fn fields_of_requests_name_their_codes() {
        let inner = Schema::object([optional("network", Schema::text(1))]);
        let asked = Schema::object([field("beneficiaryVaspId", Schema::text(1)), field("payload", inner)]);
        let properties = &asked.refusable().into_parts().0["properties"];
        assert_eq!(properties["beneficiaryVaspId"]["x-refusals"], json!(["MISSING-VASP", "INVALID-VASP"]));
        assert_eq!(properties["payload"]["x-refusals"], json!(["MISSING-PAYLOAD", "INVALID-PAYLOAD"]));
        let network = &properties["payload"]["properties"]["network"];
        assert_eq!(network["x-refusals"], json!(["INVALID-NETWORK"]));
    }
}

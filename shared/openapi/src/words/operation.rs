//! What can be done at one path with one method.

use serde_json::{Map, Value, json};
use waybill_domain::{Fault, codes};

use super::refusals::Refusals;
use super::schema::{Named, Schema};
use crate::document::Tag;

/// What can be done at one path with one method.
#[derive(Debug, Clone)]
pub struct Operation {
    json: Map<String, Value>,
    named: Named,
    parameters: Vec<Value>,
    responses: Map<String, Value>,
    refusals: Refusals,
}

/// An answer that is no refusal.
#[derive(Debug, Clone)]
pub struct Answer {
    about: &'static str,
    schema: Schema,
    media_type: &'static str,
    examples: Vec<(&'static str, Value)>,
}

impl Answer {
    /// An answer in JSON.
    pub fn json(about: &'static str, schema: Schema) -> Self {
        Self { about, schema, media_type: "application/json", examples: Vec::new() }
    }

    /// One whole answer, under a name.
    #[must_use]
    pub fn example(mut self, name: &'static str, value: Value) -> Self {
        self.examples.push((name, value));
        self
    }
}

impl Operation {
    /// `id` names it in generated programs; `summary` is its title.
    pub fn new(id: &'static str, tag: Tag, summary: &'static str) -> Self {
        let mut json = Map::new();
        json.insert("operationId".to_owned(), id.into());
        json.insert("tags".to_owned(), json!([tag.name()]));
        json.insert("summary".to_owned(), summary.into());
        Self {
            json,
            named: Named::new(),
            parameters: Vec::new(),
            responses: Map::new(),
            refusals: Refusals::default(),
        }
    }

    /// What one has to know to use it.
    #[must_use]
    pub fn about(mut self, text: impl Into<String>) -> Self {
        self.json.insert("description".to_owned(), text.into().into());
        self
    }

    /// A part of the path; refusals call it by the name of the `field`.
    #[must_use]
    pub fn path(mut self, name: &'static str, field: &'static str, schema: Schema) -> Self {
        self = self.parameter("path", name, schema, true);
        self.parameter_is_refused_as(field)
    }

    /// A parameter of the query, which may be absent.
    #[must_use]
    pub fn query(self, name: &'static str, schema: Schema) -> Self {
        self.parameter("query", name, schema, false).parameter_is_refused_as(name)
    }

    /// A header of the request.
    #[must_use]
    pub fn header(self, name: &'static str, schema: Schema, always: bool) -> Self {
        self.parameter("header", name, schema, always)
    }

    fn parameter(mut self, place: &'static str, name: &'static str, schema: Schema, always: bool) -> Self {
        let (mut schema, named) = schema.into_parts();
        self.named.extend(named);
        let mut parameter = json!({ "name": name, "in": place, "required": always });
        // The description belongs to the parameter: that is where generated programs look.
        if let Some(about) = schema.as_object_mut().and_then(|schema| schema.shift_remove("description")) {
            parameter["description"] = about;
        }
        parameter["schema"] = schema;
        self.parameters.push(parameter);
        self
    }

    fn parameter_is_refused_as(mut self, field: &str) -> Self {
        let fault = Fault::invalid(field);
        if let Some(parameter) = self.parameters.last_mut() {
            parameter["x-refusals"] = json!([fault.code]);
        }
        self.refuses([fault])
    }

    /// The body, in JSON, with whole examples under their names.
    #[must_use]
    pub fn body(mut self, schema: Schema, examples: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let (schema, named) = schema.into_parts();
        self.named.extend(named);
        let content = json!({ "application/json": content(schema, examples) });
        self.json.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        self
    }

    /// What is answered with status 200.
    #[must_use]
    pub fn answers(mut self, answer: Answer) -> Self {
        let Answer { about, schema, media_type, examples } = answer;
        let (schema, named) = schema.into_parts();
        self.named.extend(named);
        let content = json!({ media_type: content(schema, examples) });
        self.responses.insert("200".to_owned(), json!({ "description": about, "content": content }));
        self
    }

    /// What any other status means, or a status whose body is not looked at.
    #[must_use]
    pub fn means(mut self, status: &'static str, about: &'static str) -> Self {
        self.responses.insert(status.to_owned(), json!({ "description": about }));
        self
    }

    /// Refusals that this operation has of its own.
    #[must_use]
    pub fn refuses(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        faults.into_iter().for_each(|fault| self.refusals.add(&fault));
        self
    }

    /// Refusals of bodies that cannot be read, if there is a body.
    #[must_use]
    pub fn refuses_unreadable_bodies(self) -> Self {
        if !self.json.contains_key("requestBody") {
            return self;
        }
        self.refuses([
            codes::malformed_json(),
            codes::nested_too_deeply(),
            codes::payload_too_large(),
            codes::unsupported_media_type(),
        ])
    }

    /// How the caller identifies itself: schemes and the roles that each takes.
    #[must_use]
    pub fn secured(mut self, security: Value) -> Self {
        self.json.insert("security".to_owned(), security);
        self
    }

    pub(crate) fn into_parts(mut self) -> (Value, Named) {
        if !self.parameters.is_empty() {
            self.json.insert("parameters".to_owned(), Value::Array(self.parameters));
        }
        let (refusals, named) = self.refusals.into_responses();
        self.named.extend(named);
        let headers = json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } });
        let ours = !refusals.is_empty();
        let mut responses = self.responses;
        responses.extend(refusals);
        if ours {
            for response in responses.values_mut() {
                let all = response["headers"].as_object().cloned().unwrap_or_default();
                let all = headers.as_object().cloned().into_iter().flatten().chain(all);
                response["headers"] = Value::Object(all.collect());
            }
        }
        self.json.insert("responses".to_owned(), Value::Object(responses));
        (Value::Object(self.json), self.named)
    }
}

fn content(schema: Value, examples: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let examples: Map<String, Value> =
        examples.into_iter().map(|(name, value)| (name.to_owned(), json!({ "value": value }))).collect();
    if examples.is_empty() {
        json!({ "schema": schema })
    } else {
        json!({ "schema": schema, "examples": examples })
    }
}

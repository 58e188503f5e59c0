//! The whole document.

mod fixed;
mod tag;

use serde_json::{Map, Value, json};

use crate::Operation;
use crate::words::Named;

pub use tag::Tag;

/// The methods that the interfaces use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
}

impl Method {
    const fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
        }
    }
}

/// A request that the node makes to its VASP's backend.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its name in the document.
    pub name: &'static str,
    /// What is sent and what may come back.
    pub operation: Operation,
}

/// An OpenAPI 3.1 document that is being put together.
#[derive(Debug, Clone, Default)]
pub struct Document {
    paths: Map<String, Value>,
    webhooks: Map<String, Value>,
    named: Named,
}

impl Document {
    /// Adds an endpoint of the private API.
    #[must_use]
    pub fn endpoint(mut self, method: Method, path: &'static str, operation: Operation) -> Self {
        let operation = self.take(operation);
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[method.key()] = operation;
        self
    }

    /// Adds a request that the node makes to its VASP's backend.
    #[must_use]
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        let operation = self.take(webhook.operation);
        self.webhooks.insert(webhook.name.to_owned(), json!({ "post": operation }));
        self
    }

    fn take(&mut self, operation: Operation) -> Value {
        let (operation, named) = operation.into_parts();
        for (name, schema) in named {
            let known = self.named.insert(name, schema.clone());
            debug_assert!(known.is_none_or(|known| known == schema), "two schemas are named {name}");
        }
        operation
    }

    /// The document as JSON.
    pub fn into_json(self) -> Value {
        json!({
            "openapi": "3.1.0",
            "info": fixed::info(),
            "servers": fixed::servers(),
            "tags": Tag::ALL.iter().map(|tag| json!({ "name": tag.name(), "description": tag.about() })).collect::<Vec<_>>(),
            "paths": self.paths,
            "webhooks": self.webhooks,
            "components": {
                "schemas": self.named,
                "headers": fixed::headers(),
                "securitySchemes": fixed::security_schemes()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Schema, field};

    fn operation(id: &'static str) -> Operation {
        let answer = Schema::object([field("n", Schema::number(1, 2))]).named("Thing");
        Operation::new(id, Tag::Node, "Get").answers(Answer::json("It.", answer))
    }

    #[test]
    fn methods_of_one_path_stand_together_and_names_once() {
        let document = Document::default()
            .endpoint(Method::Get, "/things", operation("a"))
            .endpoint(Method::Post, "/things", operation("b"))
            .webhook(Webhook { name: "TOLD", operation: operation("c") })
            .into_json();
        assert_eq!(document["paths"]["/things"]["get"]["operationId"], "a");
        assert_eq!(document["paths"]["/things"]["post"]["operationId"], "b");
        assert_eq!(document["webhooks"]["TOLD"]["post"]["operationId"], "c");
        assert_eq!(document["components"]["schemas"].as_object().map(Map::len), Some(1));
    }
}

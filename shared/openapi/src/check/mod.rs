//! For tests: whether what is sent is what a document says. Stricter than a client may be: a field that the document
//! does not name is a fault.

mod meta;
mod operation;

use serde_json::{Value, json};
use waybill_domain::codes;

use self::operation::Described;

pub use meta::check_document;

/// Compares requests and answers with a document.
pub struct Checker {
    document: Value,
}

/// What differs, for people.
pub type Difference = String;

impl Checker {
    /// A checker for a document as it is served.
    pub fn new(document: &Value) -> Self {
        let mut document = document.clone();
        close_objects(&mut document);
        Self { document }
    }

    /// Whether an answer is one that the operation may give.
    ///
    /// # Errors
    /// What differs.
    pub fn answer(&self, method: &str, path: &str, status: u16, body: &Value) -> Result<(), Difference> {
        match self.endpoint(method, path) {
            Some(operation) => operation.answer(status, body),
            None => self.of_no_endpoint(status, body),
        }
    }

    /// Whether a body is one that the operation takes.
    ///
    /// # Errors
    /// What differs.
    pub fn request(&self, method: &str, path: &str, body: &Value) -> Result<(), Difference> {
        self.endpoint(method, path).ok_or_else(|| format!("{method} {path} is not described"))?.request(body)
    }

    /// Whether a body is one that the node sends to its backend under this name.
    ///
    /// # Errors
    /// What differs.
    pub fn webhook(&self, name: &str, body: &Value) -> Result<(), Difference> {
        self.hook(name)?.request(body)
    }

    /// Whether a backend may answer so.
    ///
    /// # Errors
    /// What differs.
    pub fn webhook_answer(&self, name: &str, status: u16, body: &Value) -> Result<(), Difference> {
        self.hook(name)?.answer(status, body)
    }

    /// Every operation, as method and path template.
    pub fn endpoints(&self) -> Vec<(String, String)> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let of_path = |(path, item): (&String, &Value)| {
            let methods = item.as_object().into_iter().flat_map(|item| item.keys());
            methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
        };
        paths.flat_map(of_path).collect()
    }

    fn endpoint(&self, method: &str, path: &str) -> Option<Described<'_>> {
        let paths = self.document["paths"].as_object()?;
        let fitting = paths.iter().filter(|(template, _)| fits(template, path));
        // A fixed path goes before one with a variable, as in the router.
        let (_, item) = fitting.min_by_key(|(template, _)| template.contains('{'))?;
        let operation = item.get(method.to_lowercase())?;
        Some(Described { operation, document: &self.document })
    }

    fn hook(&self, name: &str) -> Result<Described<'_>, Difference> {
        let operation = &self.document["webhooks"][name]["post"];
        let known = operation.is_object();
        known
            .then_some(Described { operation, document: &self.document })
            .ok_or_else(|| format!("no webhook {name}"))
    }

    fn of_no_endpoint(&self, status: u16, body: &Value) -> Result<(), Difference> {
        let allowed = [codes::path_not_found(), codes::method_not_allowed()];
        match allowed.iter().any(|fault| fault.status == status && body["code"] == *fault.code) {
            true => Ok(()),
            false => Err(format!("no endpoint is described, and the answer is {status}")),
        }
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
    let same = |(part, given): (&&str, &&str)| part == given || (part.starts_with('{') && !given.is_empty());
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

/// Forbids fields that are not named.
fn close_objects(value: &mut Value) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(close_objects),
        Value::Object(map) => {
            map.values_mut().for_each(close_objects);
            let names_fields =
                map.get("properties").is_some_and(Value::is_object) && map.contains_key("type");
            if names_fields && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Document, Method, Operation, Schema, Tag, field};

    fn checker() -> Checker {
        let answer = Schema::object([field("n", Schema::number(1, 2))]).named("Thing");
        let operation = || {
            let body = Schema::object([field("symbol", Schema::text(3))]).refusable();
            Operation::new("a", Tag::Node, "Get")
                .body(body, [])
                .answers(Answer::json("It.", answer.clone()))
                .refuses_unreadable_bodies()
                .refuses([codes::forbidden()])
        };
        let document = Document::default().endpoint(Method::Post, "/things/{id}", operation()).endpoint(
            Method::Post,
            "/things/all",
            operation(),
        );
        Checker::new(&document.into_json())
    }

    #[test]
    fn only_what_is_described_passes() {
        let checker = checker();
        let answer = |status, body: Value| checker.answer("POST", "/things/7", status, &body);
        answer(200, json!({"n": 1})).unwrap();
        answer(403, json!({"code": "FORBIDDEN", "message": "No"})).unwrap();
        for (status, body) in [
            (200, json!({"n": 3})),
            (200, json!({})),
            (200, json!({"n": 1, "more": 1})),
            (201, json!({"n": 1})),
            (403, json!({"code": "UNAUTHORIZED", "message": "No"})),
            (403, json!({"code": "FORBIDDEN"})),
        ] {
            assert!(answer(status, body.clone()).is_err(), "{status} {body}");
        }
    }

    #[test]
    fn codes_of_fields_must_be_named_beside_them() {
        let checker = checker();
        let refused =
            |code: &str| checker.answer("POST", "/things/7", 400, &json!({"code": code, "message": "m"}));
        refused("MISSING-SYMBOL").unwrap();
        refused("INVALID-SYMBOL").unwrap();
        assert!(refused("INVALID-NETWORK").is_err());
    }

    #[test]
    fn where_nothing_is_described_only_two_refusals_are_right() {
        let checker = checker();
        let nothing = json!({"code": "PATH-NOT-FOUND", "message": "m"});
        checker.answer("GET", "/", 404, &nothing).unwrap();
        assert!(checker.answer("GET", "/", 200, &json!({})).is_err());
        assert!(checker.answer("POST", "/things/", 200, &json!({"n": 1})).is_err());
    }
}

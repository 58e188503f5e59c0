//! JSON for people: laid out in few lines, long texts cut, personal data marked.

use serde_json::{Map, Value};

use super::looks::{Looks, Role};
use crate::demo::people::PERSONAL;

/// Begins a text, or is the name of a field, that stands for what is left out. It is shown without quotation marks.
pub const LEFT_OUT: &str = "…";

/// Longest text shown whole: an address, a hash or a uuid is shorter.
const LONGEST: usize = 68;
const SHOWN_OF_LONGER: usize = 36;
const STEP: usize = 2;
/// A bracket that is opened on a line needs so much room behind it, for those that follow and what closes them.
const HUGGED: usize = 6;

/// The value as lines of at most `width` columns, as far as its texts allow.
pub fn layout(value: &Value, width: usize) -> Vec<String> {
    let mut lines = Lines { done: Vec::new(), line: String::new(), width };
    lines.value(value, 0, 0);
    lines.done.push(lines.line);
    lines.done
}

/// Short fields follow each other on a line as long as they fit, and brackets that hold one thing only stay together:
/// IVMS101 is deep, and most of its levels have one child.
struct Lines {
    done: Vec<String>,
    line: String,
    width: usize,
}

impl Lines {
    /// Writes a value; `after` columns must stay free behind its end.
    fn value(&mut self, value: &Value, indent: usize, after: usize) {
        let compact = compact(value);
        if self.fits(&compact, after) {
            self.line.push_str(&compact);
            return;
        }
        match value {
            Value::Object(fields) => self.block('{', &named(fields), '}', indent, after),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| (String::new(), item)).collect();
                self.block('[', &items, ']', indent, after);
            }
            _ => self.line.push_str(&compact),
        }
    }

    fn block(&mut self, open: char, items: &[(String, &Value)], close: char, indent: usize, after: usize) {
        self.line.push(open);
        match items {
            [(name, only)] if (only.is_object() || only.is_array()) && self.fits(name, after + HUGGED) => {
                self.line.push_str(name);
                self.value(only, indent, after + 1);
            }
            items => {
                self.items(items, indent + STEP);
                self.next_line(indent);
            }
        }
        self.line.push(close);
    }

    fn items(&mut self, items: &[(String, &Value)], indent: usize) {
        self.next_line(indent);
        let mut several_lines = false;
        for (at, (name, value)) in items.iter().enumerate() {
            let last = at + 1 == items.len();
            let whole = format!(" {name}{}", compact(value));
            if at > 0 {
                match !several_lines && self.fits(&whole, usize::from(!last)) {
                    true => self.line.push(' '),
                    false => self.next_line(indent),
                }
            }
            self.line.push_str(name);
            let before = self.done.len();
            self.value(value, indent, usize::from(!last));
            several_lines = self.done.len() > before;
            if !last {
                self.line.push(',');
            }
        }
    }

    fn fits(&self, text: &str, after: usize) -> bool {
        self.line.chars().count() + text.chars().count() + after <= self.width
    }

    fn next_line(&mut self, indent: usize) {
        self.done.push(std::mem::replace(&mut self.line, " ".repeat(indent)));
    }
}

fn named(fields: &Map<String, Value>) -> Vec<(String, &Value)> {
    let label = |name: &String| if name == LEFT_OUT { String::new() } else { format!("{}: ", quoted(name)) };
    fields.iter().map(|(name, value)| (label(name), value)).collect()
}

fn compact(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::String(text) if text.starts_with(LEFT_OUT) => text.clone(),
        Value::String(text) => quoted(&shortened(text)),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(compact).collect())),
        Value::Object(fields) => {
            let fields = named(fields).into_iter().map(|(name, value)| format!("{name}{}", compact(value)));
            format!("{{{}}}", joined(fields.collect()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A long text as its beginning and its length.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(SHOWN_OF_LONGER).collect();
    format!("{beginning}… ({length} characters)")
}

/// A line of [`layout`] in colour.
pub fn paint(line: &str, looks: Looks) -> String {
    let mut painted = String::new();
    let mut rest = line;
    let mut field = String::new();
    while let Some(start) = rest.find('"') {
        let end = end_of_text(rest, start);
        let (text, after) = (&rest[start..end], &rest[end..]);
        painted.push_str(&rest[..start]);
        if after.starts_with(':') {
            field = text.trim_matches('"').to_owned();
            painted.push_str(&looks.paint(Role::Field, text));
        } else {
            painted.push_str(&paint_text(text, &field, looks));
        }
        rest = after;
    }
    painted + rest
}

fn paint_text(text: &str, field: &str, looks: Looks) -> String {
    if matches!(field, "ciphertext" | "enc") {
        return looks.paint(Role::Sealed, text);
    }
    match field == "accountNumber" || PERSONAL.iter().any(|personal| text.contains(personal)) {
        true => looks.paint(Role::Personal, text),
        false => text.to_owned(),
    }
}

/// Where the JSON text ends that begins at `start`, its quotation mark included.
fn end_of_text(line: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, letter) in line.char_indices().filter(|(at, _)| *at > start) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_stays_on_one_line() {
        let value = json!({"a": 1, "deep": {"list": ["one", "two"], "empty": {}}});
        assert_eq!(layout(&value, 80), [r#"{"a": 1, "deep": {"list": ["one", "two"], "empty": {}}}"#]);
        for width in 30..60 {
            let lines = layout(&value, width);
            assert!(lines.iter().all(|line| line.len() <= width), "{lines:?}");
            assert_eq!(lines.join("").parse::<Value>().unwrap(), value);
        }
    }

    #[test]
    fn fields_share_lines_and_lonely_brackets_stay_together() {
        let person = json!({"persons": [{"natural": {"name": [{"first": "Taylor", "last": "Robbins"}], "x": 1}}], "n": 2});
        let expected = [
            "{",
            r#"  "persons": [{"natural": {"#,
            r#"    "name": [{"#,
            r#"      "first": "Taylor","#,
            r#"      "last": "Robbins""#,
            r#"    }],"#,
            r#"    "x": 1"#,
            r#"  }}],"#,
            r#"  "n": 2"#,
            "}",
        ];
        assert_eq!(layout(&person, 34), expected);
    }

    #[test]
    fn what_is_left_out_is_said_without_quotation_marks() {
        let value = json!({"a": "… as before", "…": "… and more"});
        assert_eq!(layout(&value, 80), [r#"{"a": … as before, … and more}"#]);
    }

    #[test]
    fn long_texts_are_cut() {
        let long = "x".repeat(1234);
        let line = layout(&json!(long), 80).remove(0);
        assert_eq!(line, format!("\"{}… (1234 characters)\"", "x".repeat(36)));
    }

    #[test]
    fn colours_tell_names_personal_data_and_what_is_sealed() {
        let looks = Looks { width: 80, colour: true, live: true, asks: false };
        let line = r#"{"name": "Robbins", "note": "a \" b", "ciphertext": "abc"}"#;
        let painted = paint(line, looks);
        for (role, text) in [
            (Role::Field, r#""name""#),
            (Role::Personal, r#""Robbins""#),
            (Role::Field, r#""ciphertext""#),
            (Role::Sealed, r#""abc""#),
        ] {
            assert!(painted.contains(&looks.paint(role, text)), "{text}: {painted:?}");
        }
        assert!(painted.contains(r#": "a \" b","#), "{painted:?}");
        assert_eq!(paint(line, Looks { colour: false, ..looks }), line);
    }
}

//! Looking for planted texts in files, however they are written there.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Texts to look for, each in every form in which software writes text by accident.
#[derive(Debug)]
pub struct Needles {
    forms: Vec<Form>,
}

#[derive(Debug)]
struct Form {
    text: String,
    encoding: String,
    bytes: Vec<u8>,
}

impl Needles {
    /// Texts of at least 7 bytes: shorter ones leave too little in base64.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self { forms: texts.into_iter().flat_map(forms_of).collect() }
    }

    /// Which texts occur in `hay`, in which form. Letters are compared without regard to case, base64 exactly.
    pub fn found_in(&self, hay: &[u8]) -> Vec<String> {
        let lower = hay.to_ascii_lowercase();
        let is_in = |form: &&Form| {
            let hay = if form.encoding.starts_with("base64") { hay } else { &lower };
            contains(hay, &form.bytes)
        };
        self.forms.iter().filter(is_in).map(|form| format!("{:?} in {}", form.text, form.encoding)).collect()
    }
}

fn forms_of(text: &str) -> Vec<Form> {
    assert!(text.len() >= 7, "{text:?} is too short");
    let lower = text.to_ascii_lowercase();
    let form =
        |encoding: &str, bytes: Vec<u8>| Form { text: text.to_owned(), encoding: encoding.to_owned(), bytes };
    let units = |order: fn(u16) -> [u8; 2]| lower.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let escaped: String = lower.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let mut forms = vec![
        form("plain", lower.clone().into_bytes()),
        form("hex", hex::encode(&lower).into_bytes()),
        form("hex of the text as it is", hex::encode(text).into_bytes()),
        form("\\u escapes", escaped.into_bytes()),
        form(
            "\\u escapes of the text as it is",
            text.encode_utf16().flat_map(|unit| format!("\\u{unit:04x}").into_bytes()).collect(),
        ),
        form("UTF-16 little-endian", units(u16::to_le_bytes)),
        form("UTF-16 big-endian", units(u16::to_be_bytes)),
    ];
    if !text.is_ascii() {
        forms.push(form("\\u escapes among plain letters", partly_escaped(&lower).into_bytes()));
    }
    for alignment in 0..3 {
        let bytes = base64_core(text.as_bytes(), alignment);
        let url: Vec<u8> = bytes
            .iter()
            .map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            })
            .collect();
        forms.push(form(&format!("base64 at {alignment}"), bytes));
        forms.push(form(&format!("base64url at {alignment}"), url));
    }
    forms
}

/// As JSON writers do that keep to ASCII.
fn partly_escaped(text: &str) -> String {
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(letter) if letter.is_ascii() => char::from(letter).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(unit).collect()
}

/// What stands for `text` in base64 wherever it begins at this place modulo three, without what depends on neighbours.
fn base64_core(text: &[u8], alignment: usize) -> Vec<u8> {
    let shifted = [vec![0; alignment], text.to_vec()].concat();
    let encoded = STANDARD_NO_PAD.encode(&shifted).into_bytes();
    let first = (alignment * 8).div_ceil(6);
    let whole = shifted.len() * 8 / 6;
    encoded[first..whole].to_vec()
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(hay, needle).is_some()
}

/// All files below a folder, except those below one of the folders left out.
pub fn files_below(folder: &Path, except: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            match path.is_dir() {
                true if except.contains(&path) => {}
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const NAME: &str = "Zyxwvut?>Qponml";

    #[test]
    fn every_form_is_found_wherever_it_begins() {
        let needles = Needles::new([NAME]);
        for before in ["", "a", "ab", "abc", "abcd"] {
            let around = format!("{before}{NAME} and after");
            let escaped: String = around.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
            for text in [
                around.clone(),
                around.to_uppercase(),
                STANDARD_NO_PAD.encode(&around),
                URL_SAFE_NO_PAD.encode(&around),
                hex::encode(&around),
                hex::encode_upper(&around),
                escaped,
            ] {
                assert!(!needles.found_in(text.as_bytes()).is_empty(), "{text}");
            }
            let little: Vec<u8> = around.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = around.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert!(!needles.found_in(&little).is_empty() && !needles.found_in(&big).is_empty());
        }
    }

    #[test]
    fn other_texts_are_not_found() {
        let needles = Needles::new([NAME]);
        let other = "Zyxwvut?>Qponm, Zyxwvut Qponml";
        for text in [other.to_owned(), STANDARD_NO_PAD.encode(other), hex::encode(other)] {
            assert_eq!(needles.found_in(text.as_bytes()), Vec::<String>::new());
        }
    }
}

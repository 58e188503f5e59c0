//! Where in a document a value stands. Costs nothing until it is printed.

use std::fmt;

/// Dotted path with list indices: `originator.originatorPersons[0].naturalPerson`.
pub(crate) enum Path<'a> {
    /// Where the caller says the document is; may be empty.
    Base(&'a str),
    /// A field of an object.
    Key(&'a Path<'a>, &'a str),
    /// An entry of a list.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    pub(crate) fn key<'b>(&'b self, name: &'b str) -> Path<'b> {
        Path::Key(self, name)
    }

    pub(crate) fn item(&self, index: usize) -> Path<'_> {
        Path::Item(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base(base) => f.write_str(base),
            Self::Key(Path::Base(""), name) => f.write_str(name),
            Self::Key(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// The name of a field as a path may show it: names that look like none are not repeated.
pub(crate) fn field_name(name: &str) -> &str {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (1..=64).contains(&name.len()) && name.bytes().all(letter) { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_dotted_with_indices() {
        let (base, empty) = (Path::Base("payload.ivms101"), Path::Base(""));
        assert_eq!(
            base.key("beneficiary").key("accountNumber").item(0).to_string(),
            "payload.ivms101.beneficiary.accountNumber[0]"
        );
        assert_eq!(empty.key("beneficiary").to_string(), "beneficiary");
    }
}

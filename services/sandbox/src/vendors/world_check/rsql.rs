//! The part of RSQL that queries for audit events need: comparisons joined by `;`.

use waybill_domain::{Timestamp, parse_time};

/// One comparison.
pub(super) struct Comparison {
    selector: String,
    operator: &'static str,
    values: Vec<String>,
}

/// Text or a time of an event, to be compared.
pub(super) enum Field<'a> {
    Text(&'a str),
    Time(Timestamp),
}

/// Longest first, so that `=` of one is not taken for another.
const OPERATORS: [(&str, &str); 12] = [
    ("=out=", "out"),
    ("=in=", "in"),
    ("=ge=", ">="),
    ("=le=", "<="),
    ("=gt=", ">"),
    ("=lt=", "<"),
    ("==", "=="),
    ("!=", "!="),
    (">=", ">="),
    ("<=", "<="),
    (">", ">"),
    ("<", "<"),
];

/// Reads a query; `None` for what is none, or is beyond this part.
pub(super) fn parse(query: &str) -> Option<Vec<Comparison>> {
    split(query, ';')?.into_iter().map(comparison).collect()
}

fn comparison(text: &str) -> Option<Comparison> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric())?;
    let (selector, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let (sign, operator) = OPERATORS.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
    let argument = rest[sign.len()..].trim();
    let values: Vec<String> = match operator {
        "in" | "out" => {
            let list = argument.strip_prefix('(')?.strip_suffix(')')?;
            split(list, ',')?.into_iter().map(value).collect::<Option<_>>()?
        }
        _ => vec![value(argument)?],
    };
    (!selector.is_empty()).then(|| Comparison { selector: selector.to_owned(), operator, values })
}

/// A value, in quotes of either kind or bare.
fn value(text: &str) -> Option<String> {
    let text = text.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).filter(|inner| !inner.contains(quote)).map(str::to_owned);
        }
    }
    let is_bare = !text.is_empty() && !text.contains(|letter: char| "\"'();,=<>! ".contains(letter));
    is_bare.then(|| text.to_owned())
}

/// Splits outside of quotes and parentheses.
fn split(text: &str, at: char) -> Option<Vec<&str>> {
    let (mut parts, mut begin, mut quote, mut depth) = (Vec::new(), 0, None, 0_usize);
    for (position, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, _) if letter == at && depth == 0 => {
                parts.push(&text[begin..position]);
                begin = position + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    (quote.is_none() && depth == 0).then_some(parts)
}

impl Comparison {
    pub(super) fn selector(&self) -> &str {
        &self.selector
    }

    /// Whether a field fits; `None` when a value cannot be compared with it.
    pub(super) fn fits(&self, field: &Field<'_>) -> Option<bool> {
        let first = self.values.first()?;
        match field {
            Field::Text(text) => Some(match self.operator {
                "==" => first == text,
                "!=" => first != text,
                "in" => self.values.iter().any(|value| value == text),
                "out" => !self.values.iter().any(|value| value == text),
                _ => return None,
            }),
            Field::Time(at) => {
                let value = parse_time(first).ok()?;
                Some(match self.operator {
                    "==" => *at == value,
                    "!=" => *at != value,
                    ">=" => *at >= value,
                    "<=" => *at <= value,
                    ">" => *at > value,
                    "<" => *at < value,
                    _ => return None,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queries_of_clients_are_read() {
        let at = parse_time("2023-05-18T12:39:45Z").unwrap();
        let fits = |query: &str| {
            let parsed = parse(query)?;
            let each = parsed.iter().map(|one| match one.selector() {
                "actionType" => one.fits(&Field::Text("SCREENED_CASE")),
                "eventDate" => one.fits(&Field::Time(at)),
                _ => None,
            });
            each.collect::<Option<Vec<_>>>().map(|each| each.into_iter().all(|fits| fits))
        };
        for (query, expected) in [
            ("actionType==SCREENED_CASE", Some(true)),
            ("actionType=='SCREENED_CASE';eventDate>=2023-05-18T12:39:45Z", Some(true)),
            ("actionType==\"SCREENED_CASE\" ; eventDate > '2023-05-18T12:39:45.000Z'", Some(false)),
            ("actionType=in=(A,SCREENED_CASE);eventDate=ge=2023-05-18T12:39:44Z", Some(true)),
            ("actionType=out=('SCREENED_CASE')", Some(false)),
            ("eventDate<2023-05-18T21:39:46+09:00", Some(true)),
            ("actionType!=A", Some(true)),
            ("", None),
            ("actionType", None),
            ("actionType==", None),
            ("actionType=='A", None),
            ("actionType==A,actionType==B", None),
            ("(actionType==A)", None),
            ("eventDate>=yesterday", None),
            ("actionType=like=A", None),
            ("nothing==A", None),
        ] {
            assert_eq!(fits(query), expected, "{query}");
        }
    }
}

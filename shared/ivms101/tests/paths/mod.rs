//! Whether findings name places that a document has. The fuzz targets use it too.

use serde_json::Value;
use waybill_ivms101::{Finding, Rule};

/// The findings that point nowhere: a finding names a value that is there; or, where something is missing, a place in
/// an object that is there.
pub fn pointing_nowhere<'f>(document: &Value, findings: &'f [Finding]) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| !points_somewhere(document, finding)).collect()
}

fn points_somewhere(document: &Value, finding: &Finding) -> bool {
    let path = finding.path.as_str();
    // Names that look like none are not repeated in a path.
    if path.contains('?') || at(document, path).is_some() {
        return true;
    }
    let holder = path.rfind('.').map_or("", |end| &path[..end]);
    match finding.rule {
        // The whole metadata may be missing.
        Rule::Missing if path.ends_with("payloadMetadata.payloadVersion") => true,
        Rule::Missing | Rule::LegalRegistration => at(document, holder).is_some(),
        _ => false,
    }
}

/// The value at a path such as `originator.originatorPersons[0]`.
fn at<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|segment| !segment.is_empty()).try_fold(document, |value, segment| {
        let (name, indices) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
        let indices = indices.split('[').skip(1).map(|index| index.trim_end_matches(']').parse().ok());
        indices.fold(value.get(name), |value: Option<&Value>, index: Option<usize>| value?.get(index?))
    })
}

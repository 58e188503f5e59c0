//! A group's case template: which fields its cases may have.

use serde_json::Value;
use waybill_store::tables::wco_cases::EntityType;

use super::field::{Field, FieldType};

/// The secondary fields that the watchlist of a group knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseTemplate {
    individual: Vec<FieldType>,
    organisation: Vec<FieldType>,
}

impl CaseTemplate {
    /// Reads the vendor's answer. [`None`] when it does not say which fields there are.
    pub fn read(template: &Value) -> Option<Self> {
        let watchlist = entry(template.get("secondaryFieldsByProvider")?, "watchlist")?;
        let by_entity = watchlist.get("secondaryFieldsByEntity")?;
        let of = |entity: EntityType| match entry(by_entity, entity.as_str()) {
            Some(Value::Array(fields)) => fields.iter().filter_map(type_of).collect(),
            _ => Vec::new(),
        };
        by_entity.is_object().then(|| Self {
            individual: of(EntityType::Individual),
            organisation: of(EntityType::Organisation),
        })
    }

    /// Those of the fields that may be sent. One that the template wants and we don't have is not made up: the vendor
    /// decides.
    pub fn allowed(&self, entity: EntityType, fields: &[Field]) -> Vec<Field> {
        let known = match entity {
            EntityType::Individual => &self.individual,
            EntityType::Organisation => &self.organisation,
        };
        fields.iter().filter(|field| known.contains(&field.type_id)).cloned().collect()
    }
}

/// A field of an object, however its name is capitalised.
fn entry<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn type_of(definition: &Value) -> Option<FieldType> {
    definition.get("typeId")?.as_str()?.parse().ok()
}

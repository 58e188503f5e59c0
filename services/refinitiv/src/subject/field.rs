//! A person as World-Check One takes it.

use std::fmt;

use serde::{Deserialize, Serialize};
use waybill_domain::text_enum;
use waybill_store::tables::wco_cases::EntityType;
use waybill_vault::Vault;

text_enum! {
    /// What a secondary field says. Countries are ISO 3166-1 alpha-3.
    pub enum FieldType {
        /// `YYYY-MM-DD`.
        DateOfBirth = "SFCT_2",
        /// Where a natural person lives.
        CountryLocation = "SFCT_3",
        /// The country of birth.
        PlaceOfBirth = "SFCT_4",
        /// Citizenship.
        Nationality = "SFCT_5",
        /// Where an organisation is registered.
        RegisteredCountry = "SFCT_6",
    }
}

/// One secondary field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Field {
    pub type_id: FieldType,
    /// Everything but dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Dates; the vendor refuses them as `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_time_value: Option<String>,
}

impl Field {
    pub fn text(type_id: FieldType, value: &str) -> Self {
        Self { type_id, value: Some(value.to_owned()), date_time_value: None }
    }

    pub fn date(type_id: FieldType, value: String) -> Self {
        Self { type_id, value: None, date_time_value: Some(value) }
    }
}

/// Who is screened. As JSON it is what a case keeps of the question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subject {
    pub entity_type: EntityType,
    pub name: String,
    pub secondary_fields: Vec<Field>,
}

impl Subject {
    /// Every text of it that is about the person.
    pub fn personal(&self) -> impl Iterator<Item = &str> {
        let words = self.name.split_whitespace().filter(|word| word.chars().count() > 2);
        let fields = self.secondary_fields.iter();
        let values = fields.filter_map(|field| field.value.as_deref().or(field.date_time_value.as_deref()));
        words.chain([&*self.name]).chain(values)
    }

    /// A keyed digest: equal for those whom the vendor would be asked the same about.
    pub fn fingerprint(&self, group_id: &str, vault: &Vault) -> String {
        let mut data = group_id.to_owned();
        let mut add = |part: &str| {
            data.push('\0');
            data.push_str(part);
        };
        add(self.entity_type.as_str());
        add(&self.name);
        for field in &self.secondary_fields {
            add(field.type_id.as_str());
            add(field.value.as_deref().or(field.date_time_value.as_deref()).unwrap_or_default());
        }
        vault.fingerprint("wco subject", data.as_bytes())
    }
}

/// Shows nothing personal.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("entity_type", &self.entity_type).finish_non_exhaustive()
    }
}

/// Shows nothing personal.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("type_id", &self.type_id).finish_non_exhaustive()
    }
}

//! The vendor's list of categories.

use std::collections::HashMap;

use serde::Deserialize;
use waybill_vendors::{Object, cut};

/// Width of the column, in characters.
const NAME: usize = 256;

/// `GET /v2/categories`. Not sorted, and one entry has no id.
#[derive(Debug, Deserialize)]
pub(crate) struct CategoriesAnswer {
    categories: Vec<Object<Category>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Category {
    #[serde(default)]
    category_id: Option<i64>,
    #[serde(default)]
    category_name: Option<String>,
}

impl CategoriesAnswer {
    /// Names by id.
    pub(crate) fn by_id(self) -> HashMap<i64, String> {
        let named = self
            .categories
            .into_iter()
            .filter_map(|Object(entry)| entry.category_id.zip(entry.category_name));
        named
            .filter(|(_, name)| !name.is_empty())
            .map(|(id, name)| (id, cut(&name, NAME).to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_list_is_read() {
        let text = r#"{"categories":[{"categoryId":null,"categoryName":""},{"categoryId":999,"categoryName":"custom address"},
            {"categoryId":3,"categoryName":"sanctioned entity","new":1},{"categoryId":5}]}"#;
        let names = serde_json::from_str::<CategoriesAnswer>(text).unwrap().by_id();
        assert_eq!(names.len(), 2);
        assert_eq!(names[&3], "sanctioned entity");
    }
}

//! The order in which tables are gone through: the few values on which much depends first.

use waybill_store::tables::sealed::SealedTable;

/// The table with the fingerprint key.
pub(super) const FACTS: &str = "node_facts";
/// Where a pass begins.
pub(super) const FIRST_TABLE: &str = FACTS;

/// The table that comes after another one; empty at the end of a pass. A name that is not known begins anew.
pub(super) fn after(table: &str) -> &'static str {
    let order = SealedTable::ALL.map(SealedTable::name);
    let next = match table {
        "" => return "",
        FACTS => 0,
        _ => match order.iter().position(|name| *name == table) {
            Some(place) => place + 1,
            None => return FIRST_TABLE,
        },
    };
    order.get(next).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_gone_through_once() {
        let mut seen = vec![FIRST_TABLE];
        while !after(seen[seen.len() - 1]).is_empty() {
            seen.push(after(seen[seen.len() - 1]));
        }
        let all = ["node_facts", "own_keys", "verifications", "refinitiv_wco_results", "refinitiv_wco_cases"];
        assert_eq!(seen, all);
        assert_eq!(after("of_tomorrow"), FIRST_TABLE);
    }
}

//! Where a sealed value lives; it opens nowhere else.

use crate::length_prefixed;

/// Table, column and row of a sealed value. A ciphertext copied to another place does not open there.
///
/// Values that live outside the database (a message on the bus, a file) use names of their own kind,
/// such as `table: "bus"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Name of the table.
    pub table: &'a str,
    /// Name of the column.
    pub column: &'a str,
    /// Identifier of the row; must be known before sealing, so not a number the database makes up.
    pub row: &'a str,
}

impl Place<'_> {
    /// Associated data: purpose, key name, table, column and row, each after its length (32 bits, big endian).
    pub(super) fn associated_data(&self, key_name: &str) -> Vec<u8> {
        length_prefixed(&["waybill at rest v1", key_name, self.table, self.column, self.row])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_borders_give_other_bytes() {
        let one = Place { table: "ab", column: "c", row: "1" };
        let two = Place { table: "a", column: "bc", row: "1" };
        assert_ne!(one.associated_data("k"), two.associated_data("k"));
        assert_ne!(one.associated_data("k"), one.associated_data("l"));
    }
}

//! Reading entries back.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::index::Slot;

/// Some entries.
pub(crate) struct Page {
    /// A JSON array, oldest first.
    pub(crate) entries: Vec<u8>,
    /// The number to continue after.
    pub(crate) last: u64,
}

/// The entries at these places as a JSON array. Lines are JSON already, so they are copied, not parsed.
pub(super) fn array(path: &Path, slots: &[Slot]) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let lengths: usize = slots.iter().map(|slot| slot.length as usize + 1).sum();
    let mut array = Vec::with_capacity(lengths + 2);
    array.push(b'[');
    for (at, slot) in slots.iter().enumerate() {
        if at > 0 {
            array.push(b',');
        }
        file.seek(SeekFrom::Start(slot.offset))?;
        let start = array.len();
        array.resize(start + slot.length as usize, 0);
        file.read_exact(&mut array[start..])?;
    }
    array.push(b']');
    Ok(array)
}

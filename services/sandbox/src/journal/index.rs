//! Where in the file each entry stands. Sixteen bytes of memory for an entry, however large it is.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

use waybill_domain::VaspId;

use super::entry;
use crate::endpoint::Endpoint;

/// The entries of all VASPs.
#[derive(Default)]
pub(super) struct Index(HashMap<VaspId, Entries>);

/// The entries of one VASP, oldest first.
#[derive(Default)]
struct Entries {
    slots: Vec<Slot>,
    counts: HashMap<Endpoint, u64>,
}

/// Where one entry stands.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) offset: u64,
    /// Without the end of the line.
    pub(super) length: u32,
    pub(super) endpoint: Endpoint,
}

/// Which entries are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    pub(crate) vasp: VaspId,
    pub(crate) endpoint: Option<Endpoint>,
    /// Number of an entry, the first being 1: only later ones, the oldest of them first to be taken.
    pub(crate) after: Option<u64>,
    pub(crate) limit: usize,
}

impl Index {
    /// Reads a journal. Returns where its last whole line ends; what follows was torn off by a crash.
    pub(super) fn load(file: &File) -> io::Result<(Self, u64)> {
        let mut index = Self::default();
        let mut reader = BufReader::with_capacity(256 * 1024, file);
        let mut line = Vec::new();
        let mut end = 0;
        while reader.read_until(b'\n', &mut line)? > 0 && line.last() == Some(&b'\n') {
            let length = line.len() - 1;
            if let Some((vasp, endpoint)) = entry::owner(&line[..length]) {
                index.add(vasp, Slot { offset: end, length: length as u32, endpoint });
            }
            end += line.len() as u64;
            line.clear();
        }
        Ok((index, end))
    }

    pub(super) fn add(&mut self, vasp: VaspId, slot: Slot) {
        self.count(vasp, slot.endpoint);
        self.0.entry(vasp).or_default().slots.push(slot);
    }

    /// Counts an entry that is not kept.
    pub(super) fn count(&mut self, vasp: VaspId, endpoint: Endpoint) {
        *self.0.entry(vasp).or_default().counts.entry(endpoint).or_default() += 1;
    }

    /// How many requests there were.
    pub(super) fn counted(&self, vasp: VaspId, endpoint: Option<Endpoint>) -> u64 {
        let Some(entries) = self.0.get(&vasp) else { return 0 };
        match endpoint {
            Some(endpoint) => entries.counts.get(&endpoint).copied().unwrap_or(0),
            None => entries.counts.values().sum(),
        }
    }

    /// The selected entries, oldest first, and the number to continue after. Without `after` the newest are taken.
    pub(super) fn select(&self, selection: &Selection) -> (Vec<Slot>, u64) {
        let slots = self.0.get(&selection.vasp).map_or(&[][..], |entries| &entries.slots);
        let is_wanted = |slot: &Slot| selection.endpoint.is_none_or(|endpoint| slot.endpoint == endpoint);
        let newest = slots.len() as u64;
        let Some(after) = selection.after else {
            let mut taken: Vec<Slot> =
                slots.iter().rev().filter(|slot| is_wanted(slot)).take(selection.limit).copied().collect();
            taken.reverse();
            return (taken, newest);
        };
        let first = usize::try_from(after).unwrap_or(usize::MAX);
        let later = slots.iter().enumerate().skip(first).filter(|(_, slot)| is_wanted(slot));
        let taken: Vec<(usize, &Slot)> = later.take(selection.limit).collect();
        let last = match taken.last() {
            Some((at, _)) if taken.len() == selection.limit => *at as u64 + 1,
            _ => newest,
        };
        (taken.into_iter().map(|(_, slot)| *slot).collect(), last)
    }
}

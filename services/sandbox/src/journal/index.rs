//! Where in the file each entry stands. A few dozen bytes of memory for an entry, however large it is.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};

use super::entry;
use super::owner::{Owner, Topic, Wanted};

/// The entries of all.
#[derive(Default)]
pub(super) struct Index(HashMap<Owner, Entries>);

/// The entries of one owner, oldest first.
#[derive(Default)]
struct Entries {
    slots: Vec<Slot>,
    /// Of entries that were not kept.
    counts: HashMap<Topic, u64>,
}

/// Where one entry stands.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) offset: u64,
    /// Without the end of the line.
    pub(super) length: u32,
    pub(super) topic: Topic,
}

/// Which entries are asked for.
pub(crate) struct Selection {
    pub(crate) owner: Owner,
    pub(crate) wanted: Wanted,
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
            if let Some((owner, topic)) = entry::owner(&line[..length]) {
                index.add(owner, Slot { offset: end, length: length as u32, topic });
            }
            end += line.len() as u64;
            line.clear();
        }
        Ok((index, end))
    }

    pub(super) fn add(&mut self, owner: Owner, slot: Slot) {
        self.0.entry(owner).or_default().slots.push(slot);
    }

    /// Counts an entry that is not kept.
    pub(super) fn count(&mut self, owner: Owner, topic: Topic) {
        *self.0.entry(owner).or_default().counts.entry(topic.without_ids()).or_default() += 1;
    }

    /// How many requests there were.
    pub(super) fn counted(&self, owner: Owner, wanted: &Wanted) -> u64 {
        let Some(entries) = self.0.get(&owner) else { return 0 };
        let kept = entries.slots.iter().filter(|slot| wanted.takes(&slot.topic)).count() as u64;
        let counted = entries.counts.iter().filter(|(topic, _)| wanted.takes(topic));
        kept + counted.map(|(_, count)| count).sum::<u64>()
    }

    /// The selected entries, oldest first, and the number to continue after. Without `after` the newest are taken.
    pub(super) fn select(&self, selection: &Selection) -> (Vec<Slot>, u64) {
        let slots = self.0.get(&selection.owner).map_or(&[][..], |entries| &entries.slots);
        let is_wanted = |slot: &Slot| selection.wanted.takes(&slot.topic);
        let newest = slots.len() as u64;
        let Some(after) = selection.after else {
            let mut taken: Vec<Slot> =
                slots.iter().rev().filter(|slot| is_wanted(slot)).take(selection.limit).cloned().collect();
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
        (taken.into_iter().map(|(_, slot)| slot.clone()).collect(), last)
    }
}

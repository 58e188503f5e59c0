//! Ports for programs that cannot bind port 0 themselves.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::Path;

/// Below the ports that operating systems hand out for outgoing connections (Linux: from 32768), above the
/// fixed ports of `waybill dev`.
const RANGE: Range<u16> = 22_000..32_000;

/// Ports that share one lock file.
const SLOT: u16 = 20;

/// Neighbouring ports on 127.0.0.1, reserved until dropped.
///
/// Declare it before the program that uses it, so that the program ends first.
#[derive(Debug)]
pub struct PortBlock {
    base: u16,
    count: u16,
    /// Locked files; the operating system unlocks them also when the test is killed.
    _locks: Vec<File>,
}

impl PortBlock {
    /// The first port.
    pub fn base(&self) -> u16 {
        self.base
    }

    /// The port `offset` places after the first; panics outside the block.
    pub fn port(&self, offset: u16) -> u16 {
        assert!(offset < self.count, "the block has {} ports", self.count);
        self.base + offset
    }

    /// All ports, in order.
    pub fn ports(&self) -> Range<u16> {
        self.base..self.base + self.count
    }
}

/// Reserves `count` neighbouring ports on 127.0.0.1 against every other test on the machine.
///
/// Panics when there is no such block left.
pub fn free_ports(count: u16) -> PortBlock {
    assert!(count > 0, "a block has at least one port");
    let needed = count.div_ceil(SLOT);
    let slots = (RANGE.end - RANGE.start) / SLOT;
    // Processes start their search at different places, so that they seldom meet.
    let start = (std::process::id() % u32::from(slots)) as u16;
    (0..slots)
        .map(|step| (start + step) % slots)
        .filter(|first| first + needed <= slots)
        .find_map(|first| reserve(first, needed, count))
        .unwrap_or_else(|| panic!("no {count} neighbouring free ports in {RANGE:?}"))
}

fn reserve(first: u16, needed: u16, count: u16) -> Option<PortBlock> {
    let folder = std::env::temp_dir().join("waybill-test-ports");
    let locks = (first..first + needed).map(|slot| lock(&folder, slot)).collect::<Option<Vec<File>>>()?;
    let base = RANGE.start + first * SLOT;
    let all_free = (base..base + count).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
    all_free.then_some(PortBlock { base, count, _locks: locks })
}

/// The lock of one slot, or nothing when another test holds it.
fn lock(folder: &Path, slot: u16) -> Option<File> {
    std::fs::create_dir_all(folder).ok()?;
    let path = folder.join(format!("{}.lock", RANGE.start + slot * SLOT));
    let file = File::options().create(true).append(true).open(path).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use super::*;
    use crate::{TestFolder, eventually};

    #[test]
    fn blocks_never_overlap() {
        let blocks: Vec<PortBlock> = [1, 45, 20, 3].into_iter().map(free_ports).collect();
        let all: Vec<u16> = blocks.iter().flat_map(PortBlock::ports).collect();
        assert_eq!(all.len(), 69);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 69);
        assert_eq!(blocks[1].port(44), blocks[1].base() + 44);
    }

    #[tokio::test]
    async fn a_slot_has_one_holder_until_it_is_dropped() {
        let folder = TestFolder::new();
        let held = lock(folder.path(), 3);
        assert!(held.is_some());
        assert!(lock(folder.path(), 3).is_none(), "held");
        assert!(lock(folder.path(), 4).is_some(), "another slot");
        drop(held);
        // A program that another test is just starting may hold a copy of the lock for a moment.
        eventually("the slot is let go", Duration::from_secs(5), async || lock(folder.path(), 3)).await;
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let block = free_ports(1);
        let base = block.base();
        let slot = (base - RANGE.start) / SLOT;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, base)).unwrap();
        drop(block);
        assert!(reserve(slot, 1, 1).is_none());
        drop(listener);
    }
}

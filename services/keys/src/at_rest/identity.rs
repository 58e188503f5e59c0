//! What tells this node from others over the same database.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use waybill_domain::Entropy;

use super::AtRestError;

/// A node's name for machines and for people.
#[derive(Debug, Clone)]
pub(super) struct NodeIdentity {
    pub id: String,
    pub host: String,
}

/// The identity of the node whose files are in `folder`: a random id, made once and kept there, and the host. Both
/// count, since a folder may be copied to another host together with its id.
pub(super) fn of(folder: &Path, entropy: &dyn Entropy) -> Result<NodeIdentity, AtRestError> {
    let path = folder.join("node.id");
    let failed = |error: std::io::Error| AtRestError::File {
        path: path.display().to_string(),
        why: error.kind().to_string(),
    };
    let well_formed = |id: &&str| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kept = match std::fs::read_to_string(&path) {
        Ok(text) => text.trim_end().lines().next().filter(well_formed).map(str::to_owned),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let random = match kept {
        Some(id) => id,
        None => {
            let mut bytes = [0; 8];
            entropy.fill(&mut bytes);
            let id = format!("{:016x}", u64::from_be_bytes(bytes));
            let mut open = OpenOptions::new();
            let open = open.write(true).create(true).truncate(true).mode(0o600);
            open.open(&path).and_then(|mut file| writeln!(file, "{id}")).map_err(failed)?;
            id
        }
    };
    let host = host();
    Ok(NodeIdentity { id: format!("{host}/{random}"), host })
}

/// The name of this host as the system knows it.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name: String = name.trim().chars().filter(|letter| letter.is_ascii_graphic()).take(64).collect();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::{SeededEntropy, TestFolder};

    use super::*;

    #[test]
    fn an_id_is_made_once_and_made_anew_when_it_is_damaged() {
        let (folder, entropy) = (TestFolder::new(), SeededEntropy::new(1));
        let first = of(folder.path(), &entropy).unwrap();
        assert_eq!(of(folder.path(), &entropy).unwrap().id, first.id);
        assert!(first.id.starts_with(&first.host) && first.id.len() == first.host.len() + 17, "{first:?}");
        std::fs::write(folder.join("node.id"), "half").unwrap();
        let second = of(folder.path(), &entropy).unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(of(folder.path(), &entropy).unwrap().id, second.id);
    }
}

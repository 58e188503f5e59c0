//! What tells this node from others over the same database.

use std::path::Path;

use waybill_domain::Entropy;

use super::AtRestError;

const FILE: &str = "node.id";

/// A node's name for machines and for people.
#[derive(Debug, Clone)]
pub(super) struct NodeIdentity {
    /// Random, made once for a folder.
    pub name: String,
    pub host: String,
}

impl NodeIdentity {
    /// Both, since a folder may be copied to another host together with the name in it.
    pub(super) fn id(&self) -> String {
        format!("{}/{}", self.host, self.name)
    }
}

/// The identity of the node whose files are in `folder`.
pub(super) fn of(folder: &Path, entropy: &dyn Entropy) -> Result<NodeIdentity, AtRestError> {
    let path = folder.join(FILE);
    let failed = |error: std::io::Error| AtRestError::File {
        path: path.display().to_string(),
        why: error.kind().to_string(),
    };
    let well_formed = |name: &&str| name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kept = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text.trim()).filter(well_formed).map(str::to_owned),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let name = match kept {
        Some(name) => name,
        None => {
            let mut bytes = [0; 8];
            entropy.fill(&mut bytes);
            let name = format!("{:016x}", u64::from_be_bytes(bytes));
            let half = path.with_extension("half");
            let put = std::fs::write(&half, format!("{name}\n")).and_then(|()| std::fs::rename(&half, &path));
            put.map_err(failed)?;
            name
        }
    };
    Ok(NodeIdentity { name, host: host() })
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
    fn a_folder_keeps_its_name_and_gets_another_one_when_it_is_damaged() {
        let (folder, entropy) = (TestFolder::new(), SeededEntropy::new(1));
        let first = of(folder.path(), &entropy).unwrap();
        assert_eq!(of(folder.path(), &entropy).unwrap().id(), first.id());
        assert_ne!(of(TestFolder::new().path(), &entropy).unwrap().name, first.name);
        assert_eq!(first.id(), format!("{}/{}", first.host, first.name));
        for damaged in ["", "half", "%123456789abcdef"] {
            std::fs::write(folder.join(FILE), damaged).unwrap();
            let second = of(folder.path(), &entropy).unwrap();
            assert_ne!(second.name, first.name);
            assert_eq!(of(folder.path(), &entropy).unwrap().name, second.name);
        }
    }
}

//! The name under which a node takes leases in a database that it shares.

use std::path::Path;

use anyhow::{Context as _, ensure};
use waybill_domain::Entropy;

const FILE: &str = "worker-name";

/// The name of the node with this folder: made once, so that after a restart it knows its own leases.
pub fn name(folder: &Path, entropy: &dyn Entropy) -> anyhow::Result<String> {
    let path = folder.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => known(&text).with_context(|| format!("{} is damaged; remove it", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; 8];
            entropy.fill(&mut bytes);
            let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let half = path.with_extension("half");
            let put = std::fs::write(&half, &name).and_then(|()| std::fs::rename(&half, &path));
            put.with_context(|| format!("cannot write {}", path.display()))?;
            Ok(name)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn known(text: &str) -> anyhow::Result<String> {
    let name = text.trim();
    ensure!(
        name.len() == 16 && name.bytes().all(|b| b.is_ascii_hexdigit()),
        "16 hexadecimal digits are expected"
    );
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use waybill_testkit::{SeededEntropy, TestFolder};

    use super::*;

    #[test]
    fn a_folder_keeps_its_name_and_another_has_another() {
        let (folder, other) = (TestFolder::new(), TestFolder::new());
        let entropy = SeededEntropy::new(1);
        let first = name(folder.path(), &entropy).unwrap();
        assert_eq!(name(folder.path(), &entropy).unwrap(), first);
        assert_ne!(name(other.path(), &entropy).unwrap(), first);
    }

    #[test]
    fn a_damaged_name_is_not_used() {
        let folder = TestFolder::new();
        for damaged in ["", "%", "0123"] {
            folder.write(FILE, damaged);
            let told = name(folder.path(), &SeededEntropy::new(1)).unwrap_err().to_string();
            assert!(told.contains("remove it"), "{told}");
        }
    }
}

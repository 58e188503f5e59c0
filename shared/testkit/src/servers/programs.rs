//! Finding the servers' programs, and the user they may run as.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that is not installed.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) program: String,
    pub(super) package: &'static str,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { program, package } = self;
        write!(
            formatter,
            "{program} is not installed: run `apt-get install --no-install-recommends {package}`, \
             or `cargo xtask test`, which does it for root"
        )
    }
}

/// The full path of the first of these programs that is installed.
pub(super) fn find(names: &[&str]) -> Option<String> {
    let folders = folders();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file()).map(|path| path.display().to_string())
}

/// The newest of Debian's versions first, then where an ordinary user looks, then where only root does.
fn folders() -> Vec<PathBuf> {
    let versions = ["/usr/lib/postgresql", "/usr/lib/rabbitmq/lib"].into_iter().flat_map(newest_first);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let searched = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    versions.chain(searched).collect()
}

/// The folders of programs of each version in a folder: `15/bin`, `rabbitmq_server-3.10.8/sbin`.
fn newest_first(folder: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            let version =
                name.rsplit('-').next()?.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
            Some((version, path))
        })
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions.into_iter().flat_map(|(_, path)| [path.join("bin"), path.join("sbin")]).collect()
}

/// A user without rights: the servers refuse root.
pub(super) struct Servant {
    /// What to put before a command to run it as that user; empty when we are an ordinary user ourselves.
    pub(super) prefix: String,
    ids: Option<(u32, u32)>,
}

impl Servant {
    /// `nobody` for root, otherwise ourselves.
    pub(super) fn find() -> Self {
        if id(&["-u"]) != 0 {
            return Self { prefix: String::new(), ids: None };
        }
        let ids = (id(&["-u", "nobody"]), id(&["-g", "nobody"]));
        let prefix = format!("setpriv --reuid={} --regid={} --clear-groups --no-new-privs", ids.0, ids.1);
        Self { prefix, ids: Some(ids) }
    }

    /// Gives it a file or folder of ours.
    pub(super) fn give(&self, path: &Path) {
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(path, Some(user), Some(group)).expect("root may give its files away");
        }
    }
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().expect("every Unix has the program id");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().unwrap_or_else(|_| panic!("id {arguments:?} says {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_of_several_names() {
        let shell = find(&["no-such-program", "sh"]).unwrap();
        assert!(shell.ends_with("/sh"), "{shell}");
        assert_eq!(find(&["no-such-program"]), None);
    }

    #[test]
    fn says_what_to_install() {
        let missing = Missing { program: "initdb".to_owned(), package: "postgresql" };
        assert!(
            missing.to_string().contains("apt-get install --no-install-recommends postgresql"),
            "{missing}"
        );
    }
}

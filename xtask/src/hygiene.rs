//! What must never be committed: paths of somebody's machine, and what looks like a secret.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::root;

/// What is forbidden, as extended regular expressions.
const FORBIDDEN: [(&str, &str); 8] = [
    ("a path of one machine", r"(^|[^[:alnum:]_.-])/(home|root|Users|work|workspace|builds)/[[:alnum:]_.]"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("an AWS access key", r"(AKIA|ASIA)[0-9A-Z]{16}"),
    ("a GitHub token", r"(gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{40})"),
    ("a GitLab token", r"glpat-[0-9A-Za-z_-]{20}"),
    ("a Google API key", r"AIza[0-9A-Za-z_-]{35}"),
    ("a Slack token", r"xox[abprs]-[0-9A-Za-z-]{10}"),
    ("a JSON web token", r"eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\."),
];

/// Searches every file that is in the repository or about to be.
pub fn check() -> Result<()> {
    check_repository(root())
}

fn check_repository(top: &Path) -> Result<()> {
    for (what, pattern) in FORBIDDEN {
        let found = places(top, pattern)?;
        ensure!(found.is_empty(), "{what} in:\n{found}");
    }
    Ok(())
}

/// The files and lines where the pattern occurs, without the line itself: it may hold a secret.
fn places(top: &Path, pattern: &str) -> Result<String> {
    let search =
        ["grep", "--untracked", "--line-number", "--only-matching", "-I", "--extended-regexp", "-e", pattern];
    let output = Command::new("git").args(search).current_dir(top).stdin(Stdio::null()).output();
    let output = output.context("cannot start git")?;
    match output.status.code() {
        Some(0) => Ok(String::from_utf8_lossy(&output.stdout).lines().map(place).collect()),
        Some(1) => Ok(String::new()),
        _ => bail!("git grep: {}", String::from_utf8_lossy(&output.stderr).trim()),
    }
}

/// From `file:line:match` to `  file:line`.
fn place(found: &str) -> String {
    let mut parts = found.splitn(3, ':');
    format!("  {}:{}\n", parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// The fault found in a repository whose only file has this content.
    fn fault(content: &str) -> Option<String> {
        let folder = TempDir::new().unwrap();
        let git = Command::new("git").args(["init", "--quiet"]).current_dir(folder.path()).status().unwrap();
        assert!(git.success());
        fs::write(folder.path().join("notes.md"), content).unwrap();
        check_repository(folder.path()).err().map(|error| error.to_string())
    }

    /// Planted in two halves, so that this file stays clean itself.
    fn plant(first: &str, second: &str) -> Option<String> {
        fault(&format!("fine\nsee {first}{second} there\n"))
    }

    #[test]
    fn each_kind_is_found_with_its_place() {
        let digits = "0123456789abcdefghijklmnopqrstuvwxyz0123";
        let planted = [
            ("a path of one machine", plant("/ho", "me/somebody/notes")),
            ("a private key", plant("-----BEGIN EC", " PRIVATE KEY-----")),
            ("an AWS access key", plant("AKIA", "0123456789ABCDEF")),
            ("a GitHub token", plant("ghp_", digits)),
            ("a GitLab token", plant("glpat-", digits)),
            ("a Google API key", plant("AIza", digits)),
            ("a Slack token", plant("xoxb-", digits)),
            ("a JSON web token", plant("eyJ0eXAiOiJKV1Qi", ".eyJzdWIiOiIxMjM0.")),
        ];
        assert_eq!(planted.len(), FORBIDDEN.len());
        for (what, found) in planted {
            assert_eq!(found, Some(format!("{what} in:\n  notes.md:2\n")));
        }
    }

    #[test]
    fn ordinary_text_passes() {
        let urls = "https://example.org/home/page, ./work/file, target/debug, ~/.cargo, `/v1/vasps/self`";
        assert_eq!(fault(urls), None);
    }

    #[test]
    fn a_folder_without_a_repository_is_a_fault_of_its_own() {
        let folder = TempDir::new().unwrap();
        assert!(check_repository(folder.path()).unwrap_err().to_string().starts_with("git grep: "));
    }
}

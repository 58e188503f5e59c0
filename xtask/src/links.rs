//! What the documents point at is there: files, headings, and the paths of the house that they name.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cargo::root;

/// Folders of the repository; a text in back-ticks that begins with one of them is a path.
const TOPS: [&str; 6] = ["docs/", "migrations/", "services/", "shared/", "tests/", "xtask/"];

/// Checks the README, CONTRIBUTING and everything in `docs`.
pub fn check() -> Result<()> {
    let faults = faults(root())?;
    ensure!(faults.is_empty(), "in the documents:\n  {}", faults.join("\n  "));
    Ok(())
}

fn faults(top: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for document in documents(top)? {
        let name = document.strip_prefix(top).unwrap_or(&document).display().to_string();
        let text = read(&document)?;
        for (number, line) in prose(&text) {
            let targets = links(line).into_iter().filter_map(|target| wrong_link(&document, target));
            let paths = paths(line).into_iter().filter(|path| !top.join(path).exists());
            let wrong = targets.chain(paths.map(|path| format!("no such path: {path}")));
            faults.extend(wrong.map(|fault| format!("{name}:{number}: {fault}")));
        }
    }
    Ok(faults)
}

fn documents(top: &Path) -> Result<Vec<PathBuf>> {
    let mut documents = vec![top.join("README.md"), top.join("CONTRIBUTING.md")];
    for entry in fs::read_dir(top.join("docs")).context("docs")? {
        documents.push(entry?.path());
    }
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents.sort();
    Ok(documents)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Numbered lines outside of fenced and indented code.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let outside = text.lines().enumerate().filter(|(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence && !line.starts_with("    ")
    });
    outside.map(|(at, line)| (at + 1, line)).collect()
}

/// The targets of `[text](target)`.
fn links(line: &str) -> Vec<&str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The texts in back-ticks that are paths of the house. Those with a placeholder are none.
fn paths(line: &str) -> Vec<&str> {
    let is_path = |text: &&str| {
        TOPS.iter().any(|top| text.starts_with(top)) && !text.contains(['*', '<', '{', '…', ' '])
    };
    line.split('`').skip(1).step_by(2).filter(is_path).collect()
}

/// What is wrong with a link of a document, if anything.
fn wrong_link(document: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let file = if file.is_empty() { document.to_owned() } else { document.parent()?.join(file) };
    if !file.exists() {
        return Some(format!("no such file: {target}"));
    }
    let heading = heading?;
    let known = fs::read_to_string(&file).is_ok_and(|text| anchors(&text).contains(heading));
    (!known).then(|| format!("no such heading: {target}"))
}

/// The anchors that code hosts give the headings of a document.
fn anchors(text: &str) -> HashSet<String> {
    let mut anchors = HashSet::new();
    for (_, line) in prose(text).into_iter().filter(|(_, line)| line.starts_with('#')) {
        let anchor = anchor(line.trim_start_matches('#').trim());
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let mut free = std::iter::once(anchor.clone()).chain(numbered).filter(|name| !anchors.contains(name));
        anchors.extend(free.next());
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn faults_of(readme: &str) -> Vec<String> {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("docs")).unwrap();
        fs::write(folder.path().join("README.md"), readme).unwrap();
        fs::write(folder.path().join("CONTRIBUTING.md"), "# Contributing\n").unwrap();
        fs::write(
            folder.path().join("docs/GUIDE.md"),
            "# A guide\n## 8. The `list`, all of it\n## Twice\n## Twice\n",
        )
        .unwrap();
        faults(folder.path()).unwrap()
    }

    #[test]
    fn what_is_there_passes() {
        let links =
            "[a](docs/GUIDE.md) [b](docs/GUIDE.md#8-the-list-all-of-it) [c](docs/GUIDE.md#twice-1) [d](#top)";
        let other = "[web](https://example.org/x) `docs/GUIDE.md` `docs/<name>.md`";
        let code = "```\n[x](nowhere.md)\n```\n    [y](nowhere.md)";
        assert_eq!(faults_of(&format!("# Top\n{links}\n{other}\n{code}\n")), [""; 0]);
    }

    #[test]
    fn what_is_missing_is_told_with_its_place() {
        let text = "# Top\n[a](docs/GONE.md) and [b](docs/GUIDE.md#gone)\n`docs/GONE.md` [c](#gone)\n";
        let expected = [
            "README.md:2: no such file: docs/GONE.md",
            "README.md:2: no such heading: docs/GUIDE.md#gone",
            "README.md:3: no such heading: #gone",
            "README.md:3: no such path: docs/GONE.md",
        ];
        assert_eq!(faults_of(text), expected);
    }

    #[test]
    fn the_documents_of_the_house_point_at_what_is_there() {
        check().unwrap();
    }
}

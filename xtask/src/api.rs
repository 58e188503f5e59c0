//! Tools of other languages that try the API: a property-based tester and two generators of clients, pinned, in
//! `target/tools/api`. Installed once; after that nothing is fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::{self, root};

/// Installs what is missing or pinned otherwise by now.
pub fn install() -> Result<()> {
    require("python3", &["-c", "import venv, ensurepip"], "python3-venv")?;
    require("node", &["-e", "if (+process.versions.node.split('.')[0] < 18) process.exit(1)"], "nodejs")?;
    require("npm", &["--version"], "npm")?;
    for name in ["schemathesis", "python"] {
        unless_current(name, "requirements.txt", python_packages)?;
    }
    unless_current("typescript", "package-lock.json", node_packages)
}

/// Runs a program, and installs its Debian package where it fails and that is possible.
fn require(program: &str, arguments: &[&str], package: &str) -> Result<()> {
    if works(program, arguments) {
        return Ok(());
    }
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if !(root && Path::new("/usr/bin/apt-get").is_file()) {
        bail!(
            "{program} is missing or too old: `apt-get install {package}` as root, or install it another way"
        );
    }
    println!("installing {package}");
    let mut script = Command::new("/bin/sh");
    script.args(["-c", include_str!("install.sh"), "install", package]).stdin(Stdio::null());
    cargo::run(&mut script).with_context(|| format!("{package} cannot be installed"))?;
    ensure!(works(program, arguments), "{program} does not work, though {package} is installed");
    Ok(())
}

fn works(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Makes the folder of a tool anew, unless it was made from the lock file as it is now.
fn unless_current(name: &str, lock: &str, make: fn(&Path, &Path) -> Result<()>) -> Result<()> {
    let (pinned, folder) = (root().join("tests/clients").join(name), tools().join(name));
    let wanted = fs::read(pinned.join(lock)).with_context(|| format!("tests/clients/{name}/{lock}"))?;
    let stamp = folder.join("made-from");
    if fs::read(&stamp).is_ok_and(|made_from| made_from == wanted) {
        return Ok(());
    }
    println!("installing the tools of tests/clients/{name}");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    make(&pinned, &folder)?;
    // Last: a folder without it is not finished.
    fs::write(stamp, wanted)?;
    Ok(())
}

fn python_packages(pinned: &Path, folder: &Path) -> Result<()> {
    cargo::run(quiet("python3").args(["-m", "venv"]).arg(folder))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    let python = folder.join("bin/python");
    cargo::run(quiet(python).args(pip).arg(pinned.join("requirements.txt")))
}

fn node_packages(pinned: &Path, folder: &Path) -> Result<()> {
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(pinned.join(file), folder.join(file))?;
    }
    cargo::run(quiet("npm").args(["ci", "--ignore-scripts", "--loglevel=error"]).current_dir(folder))
}

fn quiet(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

fn tools() -> PathBuf {
    root().join("target/tools/api")
}

//! Is there room, is it ours alone, and does it answer quickly?

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::finding::Findings;
use super::patient::Patient;

const MB: u64 = 1024 * 1024;
/// About 200,000 verifications.
const LOW: u64 = 1024 * MB;
/// SQLite needs room for its log to finish what it began.
const FULL: u64 = 128 * MB;
/// Each accepted request waits for one write to the disk.
const SLOW: Duration = Duration::from_millis(20);
const WRITES: u32 = 5;

pub fn examine(patient: &Patient, findings: &mut Findings) {
    let folder = &patient.settings.node.data_dir;
    if !folder.is_dir() {
        let nearest = nearest(folder);
        return match may_write(&nearest) {
            true => findings.fine("disk", format!("{} is made at the first start", folder.display())),
            false => findings.fault(
                "disk",
                format!("{} does not exist, and cannot be made in {}", folder.display(), nearest.display()),
                "make it and give it to the user that the node runs as, or change node.data_dir",
            ),
        };
    }
    privacy(folder, findings);
    room(folder, findings);
    speed(folder, findings);
}

fn privacy(folder: &Path, findings: &mut Findings) {
    let Ok(about) = folder.metadata() else { return };
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        findings.warning(
            "disk",
            format!("{} is open to everybody on this machine (mode {mode:03o})", folder.display()),
            format!("chmod 700 {}", folder.display()),
        );
    }
}

fn room(folder: &Path, findings: &mut Findings) {
    let free = match rustix::fs::statvfs(folder) {
        Ok(about) => about.f_bavail * about.f_frsize,
        Err(error) => {
            return findings.warning("disk", format!("its free room is not known ({error})"), "look with df");
        }
    };
    let text = format!("{} MB are free at {}", free / MB, folder.display());
    let mend = "make room: a full disk stops the node from accepting anything";
    match free {
        ..FULL => findings.fault("disk", text, mend),
        FULL..LOW => findings.warning("disk", text, mend),
        LOW.. => findings.fine("disk", text),
    }
}

fn speed(folder: &Path, findings: &mut Findings) {
    match median_write(folder) {
        Ok(took) => {
            let text = format!("a write reaches the disk in {:.1} ms", took.as_secs_f64() * 1000.0);
            match took > SLOW {
                true => findings.warning(
                    "disk",
                    text,
                    "use a quicker disk: every accepted request waits for such a write",
                ),
                false => findings.fine("disk", text),
            }
        }
        Err(error) => findings.fault(
            "disk",
            format!("{} cannot be written ({error})", folder.display()),
            "give the folder to the user that the node runs as, and look whether the disk is read-only",
        ),
    }
}

/// How long a write of 8 KB that must not be lost takes.
fn median_write(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join(format!("doctor.{}.tmp", std::process::id()));
    let mut file = OpenOptions::new().create_new(true).write(true).open(&path)?;
    let took = (0..WRITES).map(|_| timed_write(&mut file)).collect::<std::io::Result<Vec<_>>>();
    std::fs::remove_file(&path)?;
    let mut took = took?;
    took.sort_unstable();
    Ok(took[took.len() / 2])
}

fn timed_write(file: &mut File) -> std::io::Result<Duration> {
    #[expect(clippy::disallowed_methods, reason = "the disk's time is real time")]
    let started = Instant::now();
    file.write_all(&[0; 8192])?;
    file.sync_data()?;
    Ok(started.elapsed())
}

/// The nearest folder above that exists.
fn nearest(folder: &Path) -> PathBuf {
    let above = folder.ancestors().find(|path| path.is_dir());
    above.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn may_write(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

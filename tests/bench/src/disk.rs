//! What the disk can do in the same run.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

/// Writes of 8 KB, each flushed, per second.
pub fn flushes_per_second(folder: &Path) -> anyhow::Result<f64> {
    let path = folder.join("flush.probe");
    let mut file = std::fs::File::create(&path)?;
    let block = vec![7; 8192];
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all(&block)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

//! What a process has used, by the kernel's account.

use std::collections::HashMap;

use anyhow::Context as _;

/// Processor seconds of a process so far.
pub fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("unreadable stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    Ok(ticks / 100.0) // USER_HZ is 100 on Linux
}

/// Processor seconds of a process's descendants so far, those that have ended included.
pub fn cpu_seconds_below(pid: u32) -> anyhow::Result<f64> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut spent: HashMap<u32, f64> = HashMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue }; // it has ended
        let fields: Vec<&str> =
            stat.rsplit_once(')').context("unreadable stat")?.1.split_whitespace().collect();
        children.entry(fields[1].parse()?).or_default().push(pid);
        let ticks: Result<Vec<f64>, _> = fields[11..15].iter().map(|field| field.parse()).collect();
        spent.insert(pid, ticks?.into_iter().sum::<f64>() / 100.0);
    }
    let (mut sum, mut open) = (0.0, vec![pid]);
    while let Some(parent) = open.pop() {
        for child in children.remove(&parent).unwrap_or_default() {
            sum += spent[&child];
            open.push(child);
        }
    }
    Ok(sum)
}

/// Resident memory in MB.
pub fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kb: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
    Ok(kb / 1024.0)
}

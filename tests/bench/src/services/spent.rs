//! Processor time by part.

use super::system::{Servers, System};
use crate::process::{cpu_seconds, cpu_seconds_below};

/// Seconds that each part has spent so far.
pub struct Spent(Vec<(String, f64)>);

impl Spent {
    pub fn so_far(system: &System, servers: &Servers) -> anyhow::Result<Self> {
        let mut parts = Vec::new();
        for process in &system.processes {
            parts.push((format!("{} {}", process.vasp, process.service), cpu_seconds(process.program.id())?));
        }
        parts.push(("database".to_owned(), cpu_seconds_below(servers.database.process_id())?));
        parts.push(("broker".to_owned(), cpu_seconds_below(servers.broker.process_id())?));
        parts.push(("load and backends".to_owned(), cpu_seconds(std::process::id())?));
        Ok(Self(parts))
    }

    /// Milliseconds per verification of each part since then, and of all together.
    pub fn since(&self, earlier: &Self, verifications: u64) -> String {
        let each = |seconds: f64| seconds * 1000.0 / verifications.max(1) as f64;
        let spent = self.0.iter().zip(&earlier.0).map(|((part, now), (_, then))| (part, each(now - then)));
        let spent: Vec<_> = spent.collect();
        let sum: f64 = spent.iter().map(|(_, spent)| spent).sum();
        let parts: Vec<String> = spent.iter().map(|(part, spent)| format!("{part} {spent:.2}")).collect();
        format!("{sum:.2} ms ({})", parts.join(", "))
    }
}

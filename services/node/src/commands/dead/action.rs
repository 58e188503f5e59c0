//! What can be done with commands that were given up.

use std::time::Duration;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum DeadAction {
    /// List them, newest first
    List {
        #[command(flatten)]
        which: Which,
        /// Those that were dropped, instead of those that were not
        #[arg(long)]
        dropped: bool,
        /// The next page: only those older than the last id of this one
        #[arg(long, value_name = "ID")]
        before: Option<i64>,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say everything about one, and what happens if it is redriven
    Show {
        /// Its id, as listed
        id: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Hand them out again as if they were new; a running node takes them within seconds
    Redrive {
        /// Their ids, as listed
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<i64>,
        /// All of a kind that match, newest first
        #[arg(long, requires = "kind")]
        all: bool,
        #[command(flatten)]
        which: Which,
        /// With --all: how many at most
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
    },
    /// Put them away for good; the audit log keeps why
    Drop {
        /// Their ids, as listed
        #[arg(required = true)]
        ids: Vec<i64>,
        /// Why, in one line that names no person
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
}

#[derive(Debug, Clone, Default, Args)]
pub struct Which {
    /// Only of this kind, such as REPORT_TX
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only those given up at least so long ago: 90s, 15m, 12h, 7d
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub older_than: Option<Duration>,
    /// Only those given up less than so long ago
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub younger_than: Option<Duration>,
    /// Only those whose reason contains this
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

fn age(text: &str) -> Result<Duration, String> {
    let form = || "write a number and a unit: 90s, 15m, 12h, 7d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(form)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(form()),
    };
    // Up to a century: further back there is nothing.
    let number: u32 = number.parse().map_err(|_| form())?;
    Some(u64::from(number) * seconds)
        .filter(|age| *age < 3_155_760_000)
        .map(Duration::from_secs)
        .ok_or_else(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_a_number_and_a_unit() {
        assert_eq!(age("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(age("7d"), Ok(Duration::from_secs(604_800)));
        for wrong in ["", "7", "d", "-1d", "1.5h", "1w", "7 d", "7ä", "4000000000d"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}

//! The benchmarks. Figures are read beside the disk's flushes per second and the processor time of the same run.

mod api;
mod assessments;
mod backends;
mod database;
mod databases;
mod disk;
mod flow;
mod ivms101;
mod load;
mod nodes;
mod process;
mod requests;
mod rotation;
mod row;
mod rows;
mod screening;
mod services;
mod startup;
mod statistics;
mod stores;

use clap::Parser;

/// Measure nodes
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Options {
    /// What to measure; `startup` and `flow` when left out
    #[arg(value_enum)]
    what: Vec<What>,
    /// Seconds of the run at a fixed rate
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Size of the program, start-up and memory of `waybill dev`
    Startup,
    /// Verifications, from POST to the delivered callback, and account checks
    Flow,
    /// Reading and validating personal data
    Ivms101,
    /// What a rotation of the keys at rest costs those who work meanwhile (takes some minutes)
    Rotation,
    /// Each database in turn: its operations, and verifications of nodes that use it
    Databases,
    /// Services as processes over RabbitMQ, on each server in turn: rates, times, what it costs, an outage of the broker
    Services,
    /// One, two and four workers that wait for a slow counterparty
    Scale,
    /// Nine counterparties, while a tenth never answers
    Isolation,
<<<<<<< HEAD
    /// The room that risk assessments take in each database
    Assessments,
=======
    /// Workers that ask a vendor: polls per second, several within one limit, and an idle one
    Screening,
>>>>>>> 366f19b958cc073129a6d2f532d0c1b036be45a0
    /// Inserting and listing with 10,000 and 1,000,000 rows (takes minutes and some gigabytes)
    Rows,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let usual = [What::Startup, What::Flow];
    let wanted = |what| options.what.contains(&what) || (options.what.is_empty() && usual.contains(&what));
    if wanted(What::Startup) {
        startup::run().await?;
    }
    if wanted(What::Flow) {
        flow::run(options.seconds).await?;
    }
    if wanted(What::Ivms101) {
        ivms101::run()?;
    }
    if wanted(What::Rotation) {
        rotation::run().await?;
    }
    if wanted(What::Databases) {
        databases::run().await?;
    }
    if wanted(What::Services) {
        services::figures::run(options.seconds).await?;
    }
    if wanted(What::Scale) {
        services::scale::run().await?;
    }
    if wanted(What::Isolation) {
        services::isolation::run().await?;
    }
<<<<<<< HEAD
    if wanted(What::Assessments) {
        assessments::run().await?;
=======
    if wanted(What::Screening) {
        screening::run().await?;
>>>>>>> 366f19b958cc073129a6d2f532d0c1b036be45a0
    }
    if wanted(What::Rows) {
        rows::run().await?;
    }
    Ok(())
}

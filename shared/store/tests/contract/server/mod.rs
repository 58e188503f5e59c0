//! What databases on servers add to the contract.

mod conflicts;
mod connections;
mod encryption;
mod lost_answers;
mod migrations;
mod plans;
mod purge_plans;
mod remote;
mod screening_plans;
mod settings;

pub use remote::{Remote, mariadb, postgres};

/// The same tests over both kinds of server.
macro_rules! over_both {
    ($($test:ident,)+) => {
        mod over_mariadb {
            $(#[tokio::test]
            async fn $test() {
                super::$test(waybill_testkit::servers::mariadb).await;
            })+
        }

        mod over_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(waybill_testkit::servers::postgres).await;
            })+
        }
    };
}
use over_both;

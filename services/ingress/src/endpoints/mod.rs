//! One module for each endpoint.

pub(crate) mod api_description;
pub(crate) mod check_account;
pub(crate) mod find;
pub(crate) mod healthcheck;
pub(crate) mod inquire;
pub(crate) mod list;
pub(crate) mod networks;
pub(crate) mod own_vasp;
pub(crate) mod report;
pub(crate) mod report_error;
pub(crate) mod report_transaction;
pub(crate) mod risk_assessment;
pub(crate) mod vasps;
pub(crate) mod verify;

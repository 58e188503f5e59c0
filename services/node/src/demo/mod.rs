//! `waybill demo`: walks a whole withdrawal step by step, between two complete VASPs, and shows what happens where.

mod acts;
mod ask;
mod expect;
mod http;
mod journal;
mod options;
mod people;
mod place;
mod requests;
mod run;
mod screen;
mod side;
mod stage;
mod steps;
mod summary;
mod walk;
mod wire;

pub use options::DemoOptions;
pub use run::run;

//! Looks after requests that are due: registers what is not registered, asks how far the vendor is, reads results.

mod fetch;
mod follow;
mod poller;
mod status;
mod work;

pub(crate) use poller::start_polling;

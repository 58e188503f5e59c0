//! Handing out commands by looking into the table, for one process or for several without a broker.

mod dispatcher;

pub(crate) use dispatcher::Dispatcher;

//! Starting, watching and stopping the tasks of a process.

mod shutdown;
mod signals;
mod task_group;

pub use shutdown::Shutdown;
pub use signals::shut_down_on_signals;
pub use task_group::{TaskEnd, TaskError, TaskFailure, TaskGroup, TasksFailed};

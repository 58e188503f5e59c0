//! The tasks that make up a process: when one dies, all stop, and the process says which.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::future::Future;

use tokio::task::{Id, JoinError, JoinSet};

use super::Shutdown;

/// Why a task gave up.
pub type TaskError = Box<dyn Error + Send + Sync>;

/// What a task may end with.
pub trait TaskEnd {
    /// The end as a result.
    fn into_result(self) -> Result<(), TaskError>;
}

impl TaskEnd for () {
    fn into_result(self) -> Result<(), TaskError> {
        Ok(())
    }
}

impl<E: Into<TaskError>> TaskEnd for Result<(), E> {
    fn into_result(self) -> Result<(), TaskError> {
        self.map_err(Into::into)
    }
}

/// Named tasks that run until the shutdown is requested.
pub struct TaskGroup {
    shutdown: Shutdown,
    tasks: JoinSet<Result<(), TaskError>>,
    names: HashMap<Id, Cow<'static, str>>,
}

/// A task that died, or did not stop in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFailure {
    /// The task.
    pub task: Cow<'static, str>,
    /// What happened to it.
    pub why: String,
}

/// At least one task died or did not stop in time; the process should end with a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TasksFailed(pub Vec<TaskFailure>);

impl Error for TasksFailed {}

impl fmt::Display for TasksFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, failure) in self.0.iter().enumerate() {
            write!(f, "{}task {} {}", if at == 0 { "" } else { "; " }, failure.task, failure.why)?;
        }
        Ok(())
    }
}

impl TaskGroup {
    /// An empty group that stops with `shutdown`.
    pub fn new(shutdown: Shutdown) -> Self {
        Self { shutdown, tasks: JoinSet::new(), names: HashMap::new() }
    }

    /// What the tasks should watch to know when to stop.
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Starts a task that runs until the shutdown is requested.
    pub fn spawn<F>(&mut self, name: impl Into<Cow<'static, str>>, task: F)
    where
        F: Future<Output: TaskEnd> + Send + 'static,
    {
        let handle = self.tasks.spawn(async move { task.await.into_result() });
        self.names.insert(handle.id(), name.into());
    }

    /// Waits until every task has stopped. A task that ends on its own account takes the others with it; one that
    /// still runs when the shutdown is overdue is dropped.
    ///
    /// # Errors
    /// The tasks that failed, ended without being asked, or had to be dropped.
    pub async fn wait(mut self) -> Result<(), TasksFailed> {
        let mut failures = Vec::new();
        loop {
            let ended = tokio::select! {
                ended = self.tasks.join_next_with_id() => ended,
                () = self.shutdown.overdue() => break,
            };
            let Some(ended) = ended else { break };
            if let Some(failure) = self.failure_of(ended) {
                tracing::error!(task = %failure.task, why = failure.why, "a task failed; stopping");
                failures.push(failure);
                self.shutdown.begin();
            }
        }
        self.tasks.shutdown().await;
        let dropped = self.names.into_values();
        failures.extend(dropped.map(|task| TaskFailure { task, why: "did not stop in time".to_owned() }));
        if failures.is_empty() { Ok(()) } else { Err(TasksFailed(failures)) }
    }

    fn failure_of(&mut self, ended: Result<(Id, Result<(), TaskError>), JoinError>) -> Option<TaskFailure> {
        let (id, why) = match ended {
            Ok((id, Ok(()))) => (id, (!self.shutdown.is_requested()).then(|| "ended by itself".to_owned())),
            Ok((id, Err(error))) => (id, Some(format!("failed: {}", with_causes(&*error)))),
            Err(error) => (error.id(), Some("panicked".to_owned())),
        };
        let task = self.names.remove(&id).unwrap_or_default();
        why.map(|why| TaskFailure { task, why })
    }
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn group(grace: Duration) -> (TaskGroup, Shutdown) {
        let shutdown = Shutdown::new(grace);
        (TaskGroup::new(shutdown.clone()), shutdown)
    }

    fn watching(shutdown: &Shutdown) -> impl Future<Output = ()> + use<> {
        let shutdown = shutdown.clone();
        async move { shutdown.requested().await }
    }

    #[tokio::test]
    async fn tasks_that_stop_when_asked_are_fine() {
        let (mut tasks, shutdown) = group(Duration::from_secs(60));
        tasks.spawn("one", watching(&shutdown));
        tasks.spawn("two", watching(&shutdown));
        shutdown.begin();
        assert_eq!(tasks.wait().await, Ok(()));
    }

    #[tokio::test]
    async fn one_that_dies_takes_the_others_with_it() {
        let deaths: [(&str, tokio::task::JoinHandle<Result<(), TaskError>>); 3] = [
            ("ended by itself", tokio::spawn(async { Ok(()) })),
            ("failed: disk full", tokio::spawn(async { Err("disk full".into()) })),
            ("panicked", tokio::spawn(async { std::panic::resume_unwind(Box::new("no print")) })),
        ];
        for (why, death) in deaths {
            let (mut tasks, shutdown) = group(Duration::from_secs(60));
            tasks.spawn("steady", watching(&shutdown));
            tasks.spawn("doomed", async {
                match death.await {
                    Ok(end) => end,
                    Err(panic) => std::panic::resume_unwind(panic.into_panic()),
                }
            });
            let failed = tasks.wait().await.unwrap_err();
            assert_eq!(failed.to_string(), format!("task doomed {why}"));
            assert!(shutdown.is_requested());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_stop_is_dropped() {
        let (mut tasks, shutdown) = group(Duration::from_secs(5));
        tasks.spawn("stubborn", std::future::pending::<()>());
        tasks.spawn("steady", watching(&shutdown));
        shutdown.begin();
        let failed = tasks.wait().await.unwrap_err();
        assert_eq!(failed.to_string(), "task stubborn did not stop in time");
    }
}

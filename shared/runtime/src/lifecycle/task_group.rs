//! The tasks that make up a process: when one dies, all stop, and the process says which.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::Shutdown;
use crate::failpoint::failpoint;

/// Time for tasks that watch the end of the grace time themselves.
const LAST_MOMENT: Duration = Duration::from_millis(500);

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

/// Named tasks that run until they are asked to stop. One that dies, or ends before, makes the shutdown begin.
/// Clones are the same group.
#[derive(Clone)]
pub struct TaskGroup(Arc<Inner>);

struct Inner {
    shutdown: Shutdown,
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Default)]
struct State {
    running: BTreeMap<u64, (Cow<'static, str>, Option<AbortHandle>)>,
    started: u64,
    failures: Vec<TaskFailure>,
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
        Self(Arc::new(Inner { shutdown, state: Mutex::default(), ended: Notify::new() }))
    }

    /// What the tasks should watch to know when to stop.
    pub fn shutdown(&self) -> &Shutdown {
        &self.0.shutdown
    }

    /// Starts a task that runs until the shutdown is requested. [`TaskGroup::wait`] waits for it.
    pub fn spawn<F>(&self, name: impl Into<Cow<'static, str>>, task: F)
    where
        F: Future<Output: TaskEnd> + Send + 'static,
    {
        let name = name.into();
        let watched = self.watch(name.clone(), self.0.shutdown.token(), task);
        let id = {
            let mut state = self.state();
            state.started += 1;
            let id = state.started;
            state.running.insert(id, (name, None));
            id
        };
        let leave = Leave(self.clone(), id);
        let handle = tokio::spawn(
            async move {
                let _leave = leave;
                watched.await;
            }
            .in_current_span(),
        );
        if let Some((_, abort)) = self.state().running.get_mut(&id) {
            *abort = Some(handle.abort_handle());
        }
    }

    /// A task to be run by somebody who waits for it himself, until `asked`. A panic, an error, and an end before
    /// `asked` make the shutdown begin, and [`TaskGroup::wait`] tells them.
    pub fn watch<N, F>(
        &self,
        name: N,
        asked: CancellationToken,
        task: F,
    ) -> impl Future<Output = ()> + Send + use<N, F>
    where
        N: Into<Cow<'static, str>>,
        F: Future<Output: TaskEnd> + Send + 'static,
    {
        let (group, name) = (self.clone(), name.into());
        async move {
            let work = async {
                die_at_failpoint(&name);
                task.await.into_result()
            };
            let why = match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Ok(())) if asked.is_cancelled() => return,
                Ok(Ok(())) => "ended by itself".to_owned(),
                Ok(Err(error)) => format!("failed: {}", with_causes(&*error)),
                Err(_panic) => "panicked".to_owned(),
            };
            group.fail(name, why);
        }
    }

    /// Notes that a task died, and makes the others stop.
    fn fail(&self, task: Cow<'static, str>, why: String) {
        tracing::error!(%task, why, "a task failed; stopping");
        self.state().failures.push(TaskFailure { task, why });
        self.0.shutdown.begin();
    }

    /// Waits until every spawned task has stopped; one that still runs when the shutdown is overdue is dropped.
    ///
    /// # Errors
    /// The tasks that failed, ended without being asked, or had to be dropped; those that were watched, too.
    pub async fn wait(&self) -> Result<(), TasksFailed> {
        let overdue = async {
            self.0.shutdown.overdue().await;
            tokio::time::sleep(LAST_MOMENT).await;
        };
        tokio::select! {
            () = self.all_ended() => {}
            () = overdue => self.drop_the_rest(),
        }
        let failures = std::mem::take(&mut self.state().failures);
        if failures.is_empty() { Ok(()) } else { Err(TasksFailed(failures)) }
    }

    async fn all_ended(&self) {
        loop {
            let ended = self.0.ended.notified();
            if self.state().running.is_empty() {
                return;
            }
            ended.await;
        }
    }

    fn drop_the_rest(&self) {
        let mut state = self.state();
        for (task, abort) in std::mem::take(&mut state.running).into_values() {
            if let Some(abort) = abort {
                abort.abort();
            }
            tracing::error!(%task, "a task did not stop in time");
            state.failures.push(TaskFailure { task, why: "did not stop in time".to_owned() });
        }
    }

    /// Whole after every step, so a panic elsewhere while it was held does no harm.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TaskGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup").finish_non_exhaustive()
    }
}

/// A spawned task is over, whatever became of it.
struct Leave(TaskGroup, u64);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.state().running.remove(&self.1);
        self.0.0.ended.notify_waiters();
    }
}

fn die_at_failpoint(name: &str) {
    if cfg!(debug_assertions) {
        failpoint(&format!("task.{}", name.replace(' ', "-")));
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
        let (tasks, shutdown) = group(Duration::from_secs(60));
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
            let (tasks, shutdown) = group(Duration::from_secs(60));
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

    #[tokio::test]
    async fn what_others_spawn_is_watched_too() {
        let (tasks, shutdown) = group(Duration::from_secs(60));
        let asked = CancellationToken::new();
        let until_asked = |asked: CancellationToken| async move { asked.cancelled().await };
        let fine = tokio::spawn(tasks.watch("fine", asked.clone(), until_asked(asked.clone())));
        asked.cancel();
        fine.await.unwrap();
        assert!(!shutdown.is_requested());
        let dies = async {
            if true {
                std::panic::resume_unwind(Box::new("no print"))
            }
        };
        tokio::spawn(tasks.watch("late", asked, dies)).await.unwrap();
        assert!(shutdown.is_requested(), "a panic is one, asked to stop or not");
        assert_eq!(tasks.wait().await.unwrap_err().to_string(), "task late panicked");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_stop_is_dropped() {
        let (tasks, shutdown) = group(Duration::from_secs(5));
        tasks.spawn("stubborn", std::future::pending::<()>());
        tasks.spawn("steady", watching(&shutdown));
        shutdown.begin();
        let failed = tasks.wait().await.unwrap_err();
        assert_eq!(failed.to_string(), "task stubborn did not stop in time");
    }
}
